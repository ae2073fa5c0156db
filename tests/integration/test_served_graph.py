"""`langgraph dev` serves the graph; a run stops for approval and goes on over its HTTP API."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.yardstick.clip import YardstickTruth
from foley_designer.api.revisions import history
from foley_designer.core.session.session_record import SessionRecord, Stage

pytest.importorskip("langgraph_api")
pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def post(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=240) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The served graph on a free loopback port, from a folder of its own."""
    home = tmp_path_factory.mktemp("served") / "app"
    (home / "graph").mkdir(parents=True)
    shutil.copy(ROOT / "langgraph.json", home)
    shutil.copy(ROOT / "graph" / "app.py", home / "graph")
    (home / "pyproject.toml").write_text('[project]\nname = "served"\nversion = "0"\n')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    data = str(home.parent / "data")
    environment = os.environ | {"FOLEY_DATA_DIR": data, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=home,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                post(f"{url}/assistants/search", {})
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_inputs_are_shown_and_what_is_wrong_with_them_is_said(server: str, tmp_path: Path) -> None:
    """Schemas of both graphs; a clip that is not there and an empty input are errors of ours."""
    graphs = {
        one["graph_id"]: one["assistant_id"] for one in post(f"{server}/assistants/search", {})
    }
    schemas = {}
    for graph, assistant in graphs.items():
        with urllib.request.urlopen(f"{server}/assistants/{assistant}/schemas", timeout=60) as told:
            schemas[graph] = json.loads(told.read())["input_schema"]
    assert set(schemas) == {"foley", "revision"}
    assert {"session", "clip", "description", "approve"} <= set(schemas["foley"]["properties"])
    assert schemas["foley"]["required"] == ["session", "clip"]
    assert {"session", "asked", "command"} <= set(schemas["revision"]["properties"])

    def failure(graph: str, start: dict[str, Any]) -> str:
        thread = post(f"{server}/threads", {})["thread_id"]
        runs = f"{server}/threads/{thread}/runs/wait"
        error = post(runs, {"assistant_id": graph, "input": start})["__error__"]
        assert error["error"] == "FoleyError"
        return str(error["message"])

    out, gone = str(tmp_path / "out"), str(tmp_path / "gone.mp4")
    assert f"There is no clip at {gone}." in failure("foley", {"session": out, "clip": gone})
    for graph in schemas:
        assert "A run needs a session's folder." in failure(graph, {})
    assert "holds no finished design" in failure("revision", {"session": out, "asked": "louder"})


def test_a_run_stops_for_approval_and_resumes(
    server: str, hammer: tuple[Path, YardstickTruth], tmp_path: Path
) -> None:
    out = tmp_path / "session"
    thread = post(f"{server}/threads", {})["thread_id"]
    start = {
        "session": str(out),
        "clip": str(hammer[0]),
        "description": "a hammer strikes a steel anvil",
        "approve": ["script", "mix"],
    }
    runs = f"{server}/threads/{thread}/runs/wait"
    asked = post(runs, {"assistant_id": "foley", "input": start})
    assert asked["__interrupt__"][0]["value"]["approve"] == "script"
    assert not (out / "mix_stereo.wav").exists()
    yes = {"assistant_id": "foley", "command": {"resume": {"approve": True}}}
    asked = post(runs, yes)
    assert asked["__interrupt__"][0]["value"]["approve"] == "mix"
    first = asked["__interrupt__"][0]["value"]["mix"]
    softer = {"assistant_id": "foley", "command": {"resume": {"asked": "the hammer 30 dB quieter"}}}
    asked = post(runs, softer)
    assert asked["__interrupt__"][0]["value"]["approve"] == "mix", "the edited mix is asked about"
    assert asked["__interrupt__"][0]["value"]["mix"] != first
    post(runs, yes)
    record = SessionRecord.from_json((out / "session.json").read_bytes())
    assert record.stage is Stage.DONE
    revised_over_http(server, out, hammer[0])


def revised_over_http(server: str, out: Path, clip: Path) -> None:
    """The graph of the command line's chat: it stops with the diff, and goes on when approved."""
    thread = post(f"{server}/threads", {})["thread_id"]
    runs = f"{server}/threads/{thread}/runs/wait"
    start = {"session": str(out), "clip": str(clip), "asked": "the hammer 3 dB quieter"}
    before = (out / "session.json").read_bytes()
    asked = post(runs, {"assistant_id": "revision", "input": start})
    shown = asked["__interrupt__"][0]["value"]
    assert shown["approve"] == "revision"
    assert "-3.0 dB" in shown["diff"]["lines"][0]
    louder = [one | {"change_db": 2} for one in shown["operations"]]
    instead = {"assistant_id": "revision", "command": {"resume": {"operations": louder}}}
    shown = post(runs, instead)["__interrupt__"][0]["value"]
    assert "+2.0 dB" in shown["diff"]["lines"][0], "other operations are shown in their turn"
    words = {"resume": {"asked": "the hammer 3 dB quieter"}}
    shown = post(runs, {"assistant_id": "revision", "command": words})["__interrupt__"][0]["value"]
    assert "-3.0 dB" in shown["diff"]["lines"][0]
    assert (out / "session.json").read_bytes() == before
    post(runs, {"assistant_id": "revision", "command": {"resume": {"approve": True}}})
    assert [entry.request for entry in history(out)] == ["design", "the hammer 3 dB quieter"]
    operations = [
        {"kind": "fade", "event_id": key, "edge": "out", "length_s": 0.5}
        for key in (history(out)[-1].operations[0].event_id,)  # type: ignore[union-attr]
    ]
    thread = post(f"{server}/threads", {})["thread_id"]
    runs = f"{server}/threads/{thread}/runs/wait"
    start = {"session": str(out), "clip": str(clip), "asked_operations": operations}
    asked = post(runs, {"assistant_id": "revision", "input": start})
    assert asked["__interrupt__"][0]["value"]["operations"][0]["kind"] == "fade"
    post(runs, {"assistant_id": "revision", "command": {"resume": {"approve": False}}})
    assert len(history(out)) == 2, "what is refused changes nothing"
