"""The examples run as they stand, from the command line."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from chat_endpoint import Answer, answering

from benchmarks.yardstick.clip import YardstickTruth
from foley_designer.core.session.session_record import SessionRecord, Stage

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def example(name: str, home: Path, *arguments: object, **environment: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / name, *map(str, arguments)],
        env=kept | {"HOME": str(home), "FOLEY_DATA_DIR": str(home / "data")} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_graph_is_a_node_of_another_application(
    hammer: tuple[Path, YardstickTruth], tmp_path: Path
) -> None:
    letter = example(
        "subgraph.py", tmp_path, hammer[0], tmp_path / "out", "a hammer strikes a steel anvil"
    )
    record = SessionRecord.from_json((tmp_path / "out" / "ana" / "session.json").read_bytes())
    assert record.stage is Stage.DONE
    assert all(stem.file in letter for stem in record.stems)
    assert "Dear ana" in letter


def test_an_agent_looks_with_the_tools(hammer: tuple[Path, YardstickTruth], tmp_path: Path) -> None:
    with answering() as endpoint:
        endpoint.answer = looks_then_answers
        told = example(
            "agent.py",
            tmp_path,
            hammer[0],
            "How many shots are there?",
            FOLEY_LLM_MODEL="tiny",
            OPENAI_BASE_URL=endpoint.settings["OPENAI_BASE_URL"],
            OPENAI_API_KEY="none",
        )
    seen = json.loads(told)
    assert len(seen["looked"]["shots"]) == 1
    assert seen["looked"]["clip"]["name"] == hammer[0].name
    assert "path_not_allowed" in seen["refused"]
    offered = {tool["function"]["name"] for tool in endpoint.requests[0]["tools"]}
    assert offered == {"shots", "track", "depth", "measure", "search_knowledge"}


def looks_then_answers(request: dict[str, Any]) -> Answer:
    """First calls for tools, one of them out of bounds; then says what they answered."""
    told = [message for message in request["messages"] if message["role"] == "tool"]
    if told:
        answers = {"looked": json.loads(told[0]["content"]), "refused": told[1]["content"]}
        return Answer(json.dumps(answers))
    clip = request["messages"][-1]["content"].split()[3].rstrip(".")
    calls = [{"clip": clip}, {"clip": "/etc/passwd"}]
    return Answer(None, calls=[("shots", json.dumps(arguments)) for arguments in calls])


def test_an_engine_of_another_package_performs(tmp_path: Path) -> None:
    site = installed(ROOT / "examples" / "engine", tmp_path / "site")
    path = os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH"))))
    home = {"HOME": str(tmp_path), "FOLEY_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": path}
    told = {}
    for name, words in (("bell", "a small hand bell rings"), ("boots", "boots on gravel")):
        arguments = [
            "sound",
            words,
            "--seconds",
            "3",
            "--json",
            "-o",
            str(tmp_path / f"{name}.wav"),
        ]
        done = subprocess.run(
            [sys.executable, "-m", "foley_designer", *arguments],
            env={k: v for k, v in os.environ.items() if not k.startswith("FOLEY_")} | home,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        assert done.returncode == 0, done.stderr
        told[name] = json.loads(done.stdout)["take"]
    assert told["bell"]["engine"] == "chimes" and told["boots"]["engine"] == "synth"
    assert told["bell"]["credits"] == ["Chimes by the foley-chimes example"]
    assert told["bell"]["check"]["hit_recall"] == 1.0


def installed(package: Path, site: Path) -> Path:
    """A package as an installer would lay it out, without one: modules and their entry points."""
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    for module in package.glob("*.py"):
        shutil.copy(module, site)
    told = [f"Name: {project['name']}", f"Version: {project['version']}"]
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *told]))
    groups = project["entry-points"].items()
    lines = [[f"[{group}]", *(f"{n} = {v}" for n, v in names.items())] for group, names in groups]
    (info / "entry_points.txt").write_text("\n".join(line for part in lines for line in part))
    return site
