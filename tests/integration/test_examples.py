"""The examples run as they stand, from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from chat_endpoint import Answer, answering

from foley_designer.core.session_record import SessionRecord, Stage
from foley_designer.datasets.yardstick import YardstickTruth

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
    assert offered == {"shots", "track", "depth", "cues", "inspect", "measure", "search_knowledge"}


def looks_then_answers(request: dict[str, Any]) -> Answer:
    """First calls for tools, one of them out of bounds; then says what they answered."""
    told = [message for message in request["messages"] if message["role"] == "tool"]
    if told:
        answers = {"looked": json.loads(told[0]["content"]), "refused": told[1]["content"]}
        return Answer(json.dumps(answers))
    clip = request["messages"][-1]["content"].split()[3].rstrip(".")
    calls = [{"clip": clip}, {"clip": "/etc/passwd"}]
    return Answer(None, calls=[("shots", json.dumps(arguments)) for arguments in calls])
