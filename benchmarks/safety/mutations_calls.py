"""Calls of both MCP servers, as `mutations` changes them, and what every answer must be.

Each call is a JSON file with a tool's name and arguments. A changed one goes to the real server,
over the protocol in this process; jobs run here instead of in processes of their own. The answer is
one that the tool makes, or a failure that names a code of the closed set and what to do next.
"""

import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import anyio
from pydantic_core import from_json

from benchmarks.safety.damage import Corpus, retype
from foley_designer.core.documents import canonical_json
from foley_designer.core.errors import ErrorCode

CHANGED = "changed.json"
"""The call that was changed; the good ones lie beside it in ``calls``."""
DIGEST = "0" * 64
ASSISTANT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("foley_list", {"what": "clips"}),
    ("foley_list", {"what": "revisions", "session": "yard"}),
    ("foley_frames", {"clip": "b.mp4", "times_s": [0.1, 9.0], "region": [0.2, 0.2, 0.5, 0.5]}),
    ("foley_look", {"clip": "a.mp4", "rate": "24"}),
    (
        "foley_spot",
        {
            "clip": "b.mp4",
            "verdicts": [{"verdict": "add", "time_s": 0.2, "reason": "it lands"}],
            "moments": ["m1"],
        },
    ),
    (
        "foley_design",
        {
            "clip": "a.mp4",
            "session": "other",
            "description": "a door slams",
            "script_text": "EXT. YARD - NIGHT\n\nA door slams.",
            "until": "script",
            "rate": "25",
            "seed": 1,
        },
    ),
    ("foley_job_wait", {"job_id": "yard.0001", "max_s": 1}),
    ("foley_job_status", {"job_id": "yard.0001"}),
    ("foley_job_cancel", {"job_id": "yard.0001"}),
    ("foley_script_get", {"session": "yard", "events": [], "from_s": 0, "to_s": 2}),
    ("foley_listen", {"session": "yard", "event_id": None, "against": None}),
    (
        "foley_edit",
        {
            "session": "yard",
            "edits": [
                {"do": "level", "select": {"labels": ["steps"], "from_time": 0.5}, "db": -3},
                {"do": "time", "select": {"layer": "foreground"}, "frames": 2, "to": "00:00:01:00"},
            ],
        },
    ),
    ("foley_revise", {"session": "yard", "request": "the steps 3 dB quieter", "focus": ["e1"]}),
    (
        "foley_revise",
        {
            "session": "yard",
            "operations": [{"kind": "adjust_level", "event_id": "e1_steps", "change_db": -3}],
            "apply": True,
        },
    ),
    ("foley_undo", {"session": "yard"}),
    (
        "foley_export",
        {
            "session": "yard",
            "kinds": ["cues", "edl"],
            "naming": "{number:03}_{ucs}_{label}",
            "title": "The yard",
            "start_timecode": "01:00:00:00",
            "handles_s": 1.0,
            "reel": "1",
            "folder": "latest",
            "overwrite": True,
        },
    ),
    ("foley_sound", {"session": "yard", "text": "a door slams", "seconds": 1, "onsets_s": [0.2]}),
    ("foley_render", {"session": "yard", "from_s": 0, "to_s": 1, "solo": []}),
    ("foley_knowledge_search", {"query": "gravel", "count": 2}),
)


def told_with_a_code(tool: str, text: str, codes: re.Pattern[str], then: re.Pattern[str]) -> None:
    """Refuse a failure without a code of the closed set, without a next step, or without end."""
    found = codes.search(text)
    assert found and found[1] in set(ErrorCode), f"{tool}: no code of the closed set in {text!r}"
    assert then.search(text), f"{tool}: no next step in {text!r}"
    assert len(text) < 8000, f"{tool}: {len(text)} characters"
    shown = text.replace("\n", "")
    assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\ud800-\udfff]", shown), f"{tool}: {text!r}"


def changed(path: Path, rng: random.Random) -> None:
    """One to three values of a call of another kind, or gone; the good call stays as it is."""
    data = path.read_bytes()
    for _ in range(rng.randint(1, 3)):
        data = retype(data, rng)
    (path.parent.parent / CHANGED).write_bytes(data)


def _calls(folder: Path) -> list[Path]:
    return sorted((folder / "calls").glob("*.json"))


def _kept(folder: Path, calls: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    (folder / "calls").mkdir()
    for number, (tool, arguments) in enumerate(calls):
        call = canonical_json({"tool": tool, "arguments": arguments})
        (folder / "calls" / f"{number:02}-{tool}.json").write_text(call)


def _answered(server: Any, folder: Path, codes: str, then: str) -> None:
    """Give the changed call, or all the good ones, to a server."""
    from mcp import Client

    one = folder / CHANGED
    asked = []
    for file in [one] if one.exists() else _calls(folder):
        try:
            call = from_json(file.read_bytes())  # as the protocol reads it
        except ValueError:
            continue  # no JSON: the protocol's own affair
        if isinstance(call, dict) and isinstance(call.get("tool"), str):
            arguments = call.get("arguments")
            if arguments is None or isinstance(arguments, dict):
                asked.append((call["tool"], arguments))

    async def talk() -> list[tuple[str, Any]]:
        async with Client(server) as client:
            return [(tool, await client.call_tool(tool, arguments)) for tool, arguments in asked]

    for tool, answer in anyio.run(talk):
        if answer.is_error:
            text = "".join(getattr(part, "text", "") for part in answer.content)
            told_with_a_code(tool, text, re.compile(codes), re.compile(then))


@cache
def _assistant(folder: Path) -> Any:
    from foley_designer.assistant.jobs import store, worker
    from foley_designer.assistant.server import build_server

    def launch(job: store.Job) -> None:
        job.report(store.JobProgress())
        job.finish(worker._outcome(job))

    store._launch = launch
    return build_server((folder / "clips",), folder / "out")


def _desk(folder: Path) -> None:
    from benchmarks.safety.mutations_corpora import clip, session

    (folder / "clips").mkdir()
    (folder / "clips" / "a.mp4").write_bytes(b"no clip")
    clip(folder / "clips" / "b.mp4", "libx264")
    session(folder / "out" / "yard")
    _kept(folder, ASSISTANT)


def _bench(folder: Path) -> None:
    from sample_session import finished_session

    from benchmarks.safety.mutations_corpora import clip
    from foley_designer.core.files import copy

    material = finished_session(folder / "session")
    work = folder / "work"
    clip(work / "b.mp4", "libx264")
    stems = [stem.file for stem in material.record.stems[:2]]
    for name in (*stems, "mix_stereo.wav"):
        copy(folder / "session" / name, work / name)
    _kept(folder, _tool_calls(material, stems))


def _tool_calls(material: Any, stems: list[str]) -> tuple[tuple[str, dict[str, Any]], ...]:
    plain: dict[str, Any] = {
        name: getattr(material, name).model_dump(mode="json")
        for name in ("script", "observation", "cues", "plan")
    }
    event, way = material.script.events[0], material.cues.trajectories[0]
    event, way = event.model_dump(mode="json"), way.model_dump(mode="json")
    sound = {"file": stems[0], "gain_db": -3.0}
    samples = 48_000
    return (
        ("see", {"clip": "b.mp4", "rate": "25", "keyframes_dir": "frames"}),
        ("shots", {"clip": "b.mp4"}),
        ("track", {"clip": "b.mp4"}),
        ("depth", {"clip": "b.mp4"}),
        ("inspect", {"clip": "b.mp4", "observation": plain["observation"], "names": ["a man"]}),
        ("cues", {"script": plain["script"], "observation": plain["observation"]}),
        (
            "generate",
            {
                "event": event,
                "trajectory": way,
                "space": "hall",
                "sample_count": 8 * samples,
                "folder": "takes",
                "engine": "synth",
                "takes": 1,
            },
        ),
        ("measure", {"tracks": [{"event": event, "file": stems[0], "distance_m": 3.0}]}),
        (
            "process",
            {
                "take": stems[0],
                "plan": plain["plan"]["tracks"][0],
                "stem": "made/stem.wav",
                "sample_count": 8 * samples,
                "foreground": [sound],
                "rides": [[0.5, 1.0, -3.0]],
                "starts_s": [0.5],
                "spans_s": [[0.0, 1.0]],
            },
        ),
        (
            "mix",
            {"stems": [sound], "sample_count": 8 * samples, "target": "film", "out": "made/m.wav"},
        ),
        (
            "upmix",
            {
                "stereo": "mix_stereo.wav",
                "out": "made/six.wav",
                "stems": [{**sound, "trajectory": way}],
            },
        ),
        ("search_knowledge", {"query": "gravel", "count": 2}),
        ("put_file", {"path": "sent/a.txt", "sha256": DIGEST, "size": 3, "data": "YWJj"}),
        ("get_file", {"path": "b.mp4", "offset": 0, "count": 20}),
        ("list_files", {"folder": "."}),
    )


@cache
def _published(folder: Path) -> Any:
    from foley_designer.tools.server import build_server

    return build_server((folder / "session",), (folder / "work",))


def _ask_assistant(folder: Path) -> None:
    _answered(_assistant(folder), folder, r"\[(\w+)\]", r"Next: \S+")


def _ask_tools(folder: Path) -> None:
    _answered(_published(folder), folder, r"\n\[(\w+)\]$", r"\n\S.*\n\[\w+\]$")


def call_corpora() -> list[Corpus]:
    """The assistant's tools, and the tools that are published."""
    return [
        Corpus("assistant", _desk, _calls, _ask_assistant, changed),
        Corpus("tools", _bench, _calls, _ask_tools, changed),
    ]
