from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.core.timecode import from_timecode, is_drop_frame, to_timecode

RATES = [
    Fraction(n, d) for n, d in ((24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (60, 1))
]


@given(frame=st.integers(0, 2_000_000), rate=st.sampled_from(RATES), custom=st.booleans())
def test_timecode_and_frames_are_one(frame: int, rate: Fraction, custom: bool) -> None:
    drop = custom and is_drop_frame(rate)
    assert from_timecode(to_timecode(frame, rate, drop), rate) == frame


@pytest.mark.parametrize("text", ["1:00:00:00", "00:01:00;00", "00:00:00:30", "24:00:00:00", ""])
def test_what_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"timecode|exist"):
        from_timecode(text, Fraction(30000, 1001))


def test_first_hour_of_drop_frame() -> None:
    assert from_timecode("00:01:00;02", Fraction(30000, 1001)) == 1800
    assert from_timecode("01:00:00;00", Fraction(30000, 1001)) == 107892
