from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.core.timecode import frame_at, parse_rate, time_of, to_timecode

NTSC = Fraction(30000, 1001)
RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), NTSC, Fraction(30), Fraction(60)]


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),  # SMPTE ST 12-1: frames 00 and 01 of the minute are dropped
        (17981, "00:09:59;29"),
        (17982, "00:10:00;00"),  # but not of every tenth minute
        (107892, "01:00:00;00"),
    ],
)
def test_drop_frame(frame: int, text: str) -> None:
    assert to_timecode(frame, NTSC) == text


def test_non_drop_rates_count_every_frame() -> None:
    assert to_timecode(1800, Fraction(24000, 1001)) == "00:01:15:00"
    assert to_timecode(1800, NTSC, drop_frame=False) == "00:01:00:00"
    assert to_timecode(90000, Fraction(25)) == "01:00:00:00"


@given(st.sampled_from(RATES), st.integers(0, 10**7))
def test_frame_and_time_agree(rate: Fraction, frame: int) -> None:
    assert frame_at(time_of(frame, rate), rate) == frame


@given(st.sampled_from(RATES), st.integers(0, 2 * 10**6))
def test_timecodes_of_one_day_differ(rate: Fraction, frame: int) -> None:
    assert to_timecode(frame, rate) != to_timecode(frame + 1, rate)


@pytest.mark.parametrize("value", [0, -25, "0/1", 5000])
def test_impossible_rates_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="frame rate"):
        parse_rate(value)


@pytest.mark.parametrize(
    "value", ["1e999999999", "1e-999999999", "9" * 60, "1/0", "1_0", "", " 25", [], {}, None, "nan"]
)
def test_what_is_no_rate_is_refused_at_once(value: object) -> None:
    with pytest.raises(ValueError):
        parse_rate(value)


def test_rate_from_text() -> None:
    assert parse_rate("30000/1001") == NTSC
    with pytest.raises(ValueError, match="no drop frame"):
        to_timecode(0, Fraction(25), drop_frame=True)
    with pytest.raises(ValueError, match="negative"):
        to_timecode(-1, Fraction(25))
