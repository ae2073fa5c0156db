"""Whether the words show a thing that usually sounds from afar."""

import pytest

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import told
from foley_designer.memory.knowledge_base import load


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A big church bell swings back and forth in its tower and rings.", False),
        ("A church bell rings in the distance.", True),
        ("Church bells toll while a man walks by.", True),
        ("Close on a dripping tap: drops fall into the sink.", False),
        ("Birds sing in a swaying tree.", True),
    ],
)
@pytest.mark.slow
def test_a_bell_that_is_seen_to_swing_is_on_screen(words: str, expected: bool) -> None:
    assert calls(told(words, ()), load())[0].is_off_screen is expected
