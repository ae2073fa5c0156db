"""Small slips of an answer are mended; larger ones are held or left out in the last answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from foley_designer.agents.llm.mending import mended
from foley_designer.agents.scribe.model import ScribeReply

EVENT = {"card": "a", "label": "b", "layer": "foreground", "times": [1.0]}
ANSWER: dict[str, Any] = {
    "summary": "s",
    "space": "hall",
    "tone": {"valence": 0, "arousal": 0.2},
    "events": [EVENT],
}


def read(answer: Any, *, last: bool = False) -> tuple[ScribeReply, list[str]]:
    said: list[str] = []
    return mended(answer, ScribeReply, said, last=last), said


def of_event(**more: Any) -> dict[str, Any]:
    return ANSWER | {"events": [EVENT | more]}


@pytest.mark.parametrize(
    ("field", "told", "meant"),
    [
        ("layer", "Foreground", "foreground"),
        ("layer", " BACKGROUND", "background"),
        ("side", "Far Left", "far_left"),
        ("force", "0.5", 0.5),
        ("force", "half", 0.5),
        ("force", "80 %", 0.8),
        ("distance_m", "three", 3.0),
        ("distance_m", "12,5 m", 12.5),
        ("times", 1.5, [1.5]),
        ("times", None, []),
        ("times", ["1.5 s"], [1.5]),
        ("reason", None, ""),
        ("reason", 3, "3"),
        ("on_screen", "No", False),
    ],
)
def test_a_slip_is_read_as_what_it_means(field: str, told: Any, meant: Any) -> None:
    reply, said = read(of_event(**{field: told}))
    assert getattr(reply.events[0], field) == meant
    assert not said, "nothing was changed that was said"


@pytest.mark.parametrize("told", [{"layer": "middle"}, {"force": 7}, {"force": "hard"}])
def test_what_could_mean_several_things_is_asked(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(of_event(**told))


def test_in_the_last_answer_numbers_are_held_and_broken_entries_left_out() -> None:
    broken = EVENT | {"layer": "middle"}
    answer = ANSWER | {"events": [EVENT | {"force": 7}, broken, EVENT | {"card": None}, 3]}
    reply, said = read(answer, last=True)
    assert [event.force for event in reply.events] == [1, None]
    assert said[0] == "events.force 7 is out of range and was held at 1."
    assert said[1:] == ["One of events could not be read and was left out."] * 2


def test_an_answer_without_its_body_is_no_answer() -> None:
    with pytest.raises(ValidationError):
        read({"summary": "s"}, last=True)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=12,
    ),
    st.sampled_from([*ANSWER, "remove", "shots"]),
)
def test_whatever_comes_is_valid_or_refused(value: Any, field: str) -> None:
    try:
        reply, _ = read(ANSWER | {field: value}, last=True)
    except ValidationError:
        return
    assert ScribeReply.model_validate(reply.model_dump()) == reply
