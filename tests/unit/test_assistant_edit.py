"""Editing, listing and reading by part over the assistant server."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent
from sample_session import finished_session

from foley_designer.assistant.editing import FIELDS, Do, Edit, operations_of
from foley_designer.assistant.lean import lean
from foley_designer.assistant.server import build_server
from foley_designer.core.errors import FoleyError
from foley_designer.core.revision.selector import Selector, seconds
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Hit
from foley_designer.core.session.session import Session

T = TypeVar("T")
MOST_OF_THE_LIST = 15_000
"""Characters; at four a token under 4,000 tokens, with air."""
MOST_OF_AN_ANSWER = 8000
CHARACTERS_A_TOKEN = 4
UNSAID = {"output_schema", "annotations"}
"""What hosts keep to themselves and hand to no model."""


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[Callable[[Client], Awaitable[T]]], T]:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "a.mp4").write_bytes(b"no clip")
    finished_session(tmp_path / "out" / "yard")
    server = build_server((tmp_path / "clips",), tmp_path / "out")

    def run(conversation: Callable[[Client], Awaitable[T]]) -> T:
        async def main() -> T:
            async with Client(server) as client:
                return await conversation(client)

        return anyio.run(main)

    return run


@pytest.fixture
def script(tmp_path: Path) -> FoleyScript:
    finished_session(tmp_path / "plain")
    session = Session(tmp_path / "plain")
    record = session.record()
    assert record is not None
    return session.get(FoleyScript, record.documents["script"])


def call(ask: Any, name: str, **arguments: Any) -> CallToolResult:
    result: CallToolResult = ask(lambda client: client.call_tool(name, arguments))
    return result


def test_the_tool_list_is_small(ask: Any) -> None:
    tools = ask(lambda client: client.list_tools()).tools
    shown = [tool.model_dump(mode="json", exclude=UNSAID, exclude_none=True) for tool in tools]
    assert len(json.dumps(shown, separators=(",", ":"))) <= MOST_OF_THE_LIST


def test_a_script_of_four_hundred_hits_is_corrected_within_twenty_thousand_tokens(
    tmp_path: Path,
) -> None:
    (tmp_path / "clips").mkdir()
    folder = finished_session(tmp_path / "out" / "long")
    session = Session(tmp_path / "out" / "long")
    record = session.record()
    assert record is not None
    script = session.get(FoleyScript, record.documents["script"])
    clip = script.clip
    step = clip.duration_s / 101
    events = tuple(
        script.events[0].model_copy(
            update={
                "id": f"e{number:02}_steps",
                "hits": tuple(Hit(time_s=round(step * (n + 1), 4)) for n in range(100)),
                "spans": (),
            }
        )
        for number in range(10, 14)
    )
    crowded = script.model_copy(update={"events": (*script.events, *events)})
    documents = dict(record.documents) | {"script": session.put(crowded)}
    session.save(record.model_copy(update={"documents": documents}))
    del folder
    spent: list[int] = []

    async def correct(client: Client) -> dict[str, Any]:
        async def said(name: str, **arguments: Any) -> Any:
            result = await client.call_tool(name, arguments)
            told = "".join(getattr(one, "text", "") for one in result.content)
            told += json.dumps(result.structured_content)
            spent.append(len(json.dumps(arguments)) + len(told))
            assert len(told) <= CHARACTERS_A_TOKEN * MOST_OF_AN_ANSWER
            assert not result.is_error, told
            return result.structured_content

        tools = (await client.list_tools()).tools
        spent.extend(
            len(tool.model_dump_json(exclude={"output_schema"}, exclude_none=True))
            for tool in tools
        )
        await said("foley_list", what="sessions")
        await said("foley_script_get", session="long", from_s=0.0, to_s=2 * step)
        await said("foley_script_get", session="long", events=["e11_steps"])
        edits = [
            {"do": "level", "db": -3, "select": {"events": ["e11_steps"], "every": 2}},
            {"do": "time", "frames": 1, "select": {"events": ["e12_steps"], "hits": [5, -1]}},
            {"do": "quantise", "select": {"events": ["e13_steps"]}},
        ]
        return dict(await said("foley_edit", session="long", edits=edits))

    async def main() -> dict[str, Any]:
        async with Client(build_server((tmp_path / "clips",), tmp_path / "out")) as client:
            return await correct(client)

    proposed = anyio.run(main)
    assert len(proposed["operations"]) >= 3
    assert sum(spent) <= CHARACTERS_A_TOKEN * 20_000


def test_every_error_of_a_script_is_told_at_once(ask: Any, script: FoleyScript) -> None:
    got = call(ask, "foley_script_get", session="yard").structured_content
    events = [dict(event) for event in got["script"]["events"]]
    events[0] |= {"layer": "middle"}
    events.append({**got["script"]["events"][0], "id": "e90_new", "cards": ["footstep"]})
    text = (
        call(
            ask,
            "foley_script_submit",
            session="yard",
            base=got["base"],
            script=got["script"] | {"events": events},
        )
        .content[0]
        .text
    )  # type: ignore[union-attr]
    assert "events[0].layer" in text
    assert "no card 'footstep'" in text


def test_a_look_at_an_edit_changes_nothing(ask: Any) -> None:
    edits = [{"do": "level", "db": -3, "select": {"layer": "foreground"}}]
    answer = call(ask, "foley_edit", session="yard", edits=edits).structured_content
    assert answer["applied"] is False
    assert answer["operations"]
    assert answer["diff"]["lines"]
    assert "apply=true" in answer["next_call"]


def test_every_problem_of_the_edits_is_told_at_once(ask: Any) -> None:
    edits = [
        {"do": "pan", "db": 3},
        {"do": "level", "db": 3, "select": {"events": ["nobody"]}},
        {"do": "eq", "db": 3, "hz": 5},
    ]
    told = call(ask, "foley_edit", session="yard", edits=edits)
    assert told.is_error
    text = told.content[0].text  # type: ignore[union-attr]
    assert all(f"edits[{number}]" in text for number in range(3))
    assert "pan takes deg, to_deg" in text
    assert "Next: " in text


def test_lists(ask: Any) -> None:
    assert call(ask, "foley_list", what="clips").structured_content["rows"][0]["clip"] == "a.mp4"
    sessions = call(ask, "foley_list", what="sessions").structured_content["rows"]
    assert [one["session"] for one in sessions] == ["yard"]
    assert call(ask, "foley_list", what="revisions").is_error


def test_a_script_is_read_by_part_and_rounded(ask: Any) -> None:
    whole = call(ask, "foley_script_get", session="yard").structured_content["script"]
    first = whole["events"][0]["id"]
    part = call(ask, "foley_script_get", session="yard", events=[first]).structured_content
    assert [event["id"] for event in part["script"]["events"]] == [first]
    assert "locked" not in part["script"]["events"][0]


def test_what_nobody_knows_is_refused_with_the_nearest(ask: Any) -> None:
    got = call(ask, "foley_script_get", session="yard").structured_content
    event = got["script"]["events"][0]
    event.setdefault("performance", {})["surface"] = "gravle"
    event["engine"] = "sinth"
    event["cards"] = ["footstep-gravel"]
    told = call(ask, "foley_script_submit", session="yard", base=got["base"], script=got["script"])
    assert told.is_error
    text = told.content[0].text  # type: ignore[union-attr]
    assert "events[0].performance.surface" in text
    assert "gravel" in text
    assert "events[0].engine" in text
    assert "footsteps-gravel" in text


def test_each_kind_of_edit_becomes_operations(script: FoleyScript) -> None:
    values: dict[str, Any] = {
        "db": 2.0,
        "deg": 10.0,
        "factor": 0.5,
        "s": 0.5,
        "hz": 300.0,
        "semitones": 1.0,
        "space": "hall",
        "device": "radio",
        "track": "t1",
        "number": 2,
        "engine": "synth",
        "on": True,
        "layer": "background",
        "to": 1.0,
        "times_s": [1.0],
        "lufs": -27.0,
        "variant": "boots",
    }
    hit = next(event.id for event in script.events if event.hits)
    other = next(event.id for event in script.events if event.id != hit)
    for do in Do:
        _, names = FIELDS[do]
        wanted = list(names)[: 2 if do in (Do.EQ, Do.DUCK) else 1]
        fields = {name: (other,) if name == "by" else values[name] for name in wanted}
        edit = Edit.model_validate({"do": do, "select": {"events": [hit]}, **fields})
        assert operations_of((edit,), script), do


def test_a_selector_chooses_hits_by_number_time_and_frame(script: FoleyScript) -> None:
    event = next(one for one in script.events if one.hits)
    hits = tuple(Hit(time_s=time) for time in (0.2, 0.4, 0.6, 0.8))
    four = event.model_copy(update={"hits": hits})
    script = script.model_copy(update={"events": (four,)})
    chosen = [
        Selector(hits=(1, -1)),
        Selector(every=2),
        Selector(from_time=0.3, to_time=0.7),
        Selector(near="0.6"),
    ]
    assert [one.picks(script)[0].hits for one in chosen] == [(1, 4), (2, 4), (2, 3), (3,)]
    assert seconds("10f", script.clip) == pytest.approx(10 * script.clip.frame_s)
    with pytest.raises(FoleyError):
        seconds("noon", script.clip)


def test_an_answer_is_told_once_with_short_numbers() -> None:
    answer = {
        "session": "yard",
        "revision": "r2",
        "rows": [{"at_s": 0.123456}],
        "next_call": "None.",
    }
    both = CallToolResult(
        content=[TextContent(type="text", text=json.dumps(answer))], structured_content=answer
    )
    new = lean(both, "foley_list", "2025-06-18")
    assert new.structured_content == answer | {"rows": [{"at_s": 0.123}]}
    assert [one.text for one in new.content] == [  # type: ignore[union-attr]
        "foley_list: session: yard, revision: r2, 1 rows. Next: None."
    ]
    old = lean(both, "foley_list", "2025-03-26")
    assert old.structured_content is None
    assert json.loads(old.content[0].text)["rows"] == [{"at_s": 0.123}]  # type: ignore[union-attr]


def test_no_tool_tells_its_answer_twice(ask: Any) -> None:
    for name, given in (
        ("foley_list", {"what": "sessions"}),
        ("foley_script_get", {"session": "yard"}),
    ):
        told = call(ask, name, **given)
        assert told.structured_content, name
        text = "".join(getattr(one, "text", "") for one in told.content)
        assert len(text) < 500, name
        assert "{" not in text, name
