"""Turnover: what editors wrote at a timecode is found at its second, in every list."""

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.timecode import from_timecode, to_timecode
from foley_designer.screenplay.turnover.reader import Picture, on_picture, read_remarks

PAL = Fraction(25)
FILM = Fraction(24000, 1001)
DROP = Fraction(30000, 1001)
RATES = (FILM, Fraction(24), PAL, DROP)


def remarks(path: Path, text: str | bytes, rate=PAL, start="01:00:00:00", seconds=600.0):
    """What a list says on a picture: time, end and words."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found, notes = on_picture(path.name, read_remarks(path, rate), Picture(start, rate, seconds))
    return [(one.time_s, one.end_s, one.text) for one in found], notes


def test_locators_of_an_avid_edl(tmp_path):
    text = """TITLE: REEL 1
FCM: NON-DROP FRAME

001  A001C003 V     C        05:10:00:00 05:10:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME:  A001C003
* LOC: 01:00:02:12 RED     door slam
* COMMENT: too dark, keep
002  A001C004 V     D    012 05:20:00:00 05:20:04:00 01:00:04:00 01:00:08:00
* LOC: 01:00:05:00 GREEN
"""
    found, _ = remarks(tmp_path / "a.edl", text)
    assert found == [(2.48, None, "door slam"), (0.0, None, "too dark, keep")]


def test_markers_of_a_resolve_edl(tmp_path):
    text = """TITLE: Reel 1
FCM: NON-DROP FRAME

001  001      V     C        01:00:03:00 01:00:03:01 01:00:03:00 01:00:03:01
 |C:ResolveColorBlue |M:glass breaks |D:1

002  001      V     C        01:00:06:00 01:00:06:01 01:00:06:00 01:00:06:01
Rain louder here |C:ResolveColorRed |M:Marker 2 |D:50
"""
    found, _ = remarks(tmp_path / "a.edl", text)
    assert found == [(3.0, None, "glass breaks"), (6.0, 8.0, "Rain louder here")]


def test_tables_with_headings_and_without(tmp_path):
    premiere = (
        "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n"
        "Door\tslam it harder\t00:00:10:05\t00:00:12:05\t00:00:02:00\tComment\n"
    )
    found, _ = remarks(tmp_path / "p.csv", premiere.encode("utf-16"), start=None)
    assert found == [(10.2, 12.2, "slam it harder")]
    avid = "editor\t01:00:10:00\tV1\tred\tkeys jingle\t1\neditor\t01:00:11:00\tV1\tblue\t\t1\n"
    assert remarks(tmp_path / "m.txt", avid)[0] == [(10.0, None, "keys jingle")]
    own = "Timecode,Seconds,Sound,Comment,Id\n01:00:01:00,1.000,,'=louder here,ab12\n"
    assert remarks(tmp_path / "o.csv", own)[0] == [(1.0, None, "=louder here")]
    plain = "time;note\n1.5;a dog barks\n"
    assert remarks(tmp_path / "s.csv", plain, start=None)[0] == [(1.48, None, "a dog barks")]


SESSION = """SESSION NAME:\tReel 1
SAMPLE RATE:\t48000.000000
BIT DEPTH:\t24-bit
SESSION START TIMECODE:\t00:59:50;00
TIMECODE FORMAT:\t29.97 Drop Frame
# OF AUDIO TRACKS:\t1
# OF AUDIO CLIPS:\t1
# OF AUDIO FILES:\t1


T R A C K  L I S T I N G
TRACK NAME:\tFOLEY SPOT
COMMENTS:\t
USER DELAY:\t0 Samples
STATE: \t
CHANNEL \tEVENT   \tCLIP NAME\tSTART TIME\tEND TIME\tDURATION\tSTATE
1       \t1       \tboots run   \t  01:01:00;02 \t  01:01:04;02 \t  00:00:04;00 \tUnmuted


M A R K E R S  L I S T I N G
#   \tLOCATION     \tTIME REFERENCE    \tUNITS    \tNAME                             \tCOMMENTS
1   \t01:00:10;00  \t960960            \tSamples  \tdoor slam                        \t
"""


def test_session_text_of_pro_tools(tmp_path):
    found, _ = remarks(tmp_path / "s.txt", SESSION, DROP, "01:00:00;00")
    assert found == [(pytest.approx(300 * 1001 / 30000), None, "door slam")]
    spotted = SESSION.split("M A R K E R S", maxsplit=1)[0]
    found, _ = remarks(tmp_path / "t.txt", spotted, DROP, "01:00:00;00")
    assert found == [
        (pytest.approx(1800 * 1001 / 30000), pytest.approx(1920 * 1001 / 30000), "boots run")
    ]


def test_markers_of_a_timeline(tmp_path):
    rate = 24000 / 1001
    when = otio.opentime.RationalTime
    span = otio.opentime.TimeRange
    made = otio.schema.Timeline("reel", global_start_time=when(86400, rate))
    track = otio.schema.Track(kind=otio.schema.TrackKind.Video)
    track.append(otio.schema.Gap(source_range=span(when(0, rate), when(48, rate))))
    clip = otio.schema.Clip("shot", source_range=span(when(1000, rate), when(100, rate)))
    moment = span(when(1010, rate), when(0, rate))
    clip.markers.append(otio.schema.Marker("a cup falls", marked_range=moment))
    track.append(clip)
    made.tracks.append(track)
    absolute = span(when(86400 + 24, rate), when(24, rate))
    made.tracks.markers.append(otio.schema.Marker("rain", marked_range=absolute))
    found, _ = remarks(tmp_path / "r.otio", made.to_json_string(), FILM)
    assert found == [
        (pytest.approx(1.001), pytest.approx(2.002), "rain"),
        (pytest.approx(58 * 1001 / 24000), None, "a cup falls"),
    ]


@given(st.sampled_from(RATES), st.integers(1, 23), st.integers(0, 30000))
def test_every_hour_and_rate_comes_back_to_its_frame(tmp_path_factory, rate, hour, frame):
    drop = rate == DROP
    start = f"{hour:02}:00:00{';' if drop else ':'}00"
    told = to_timecode(from_timecode(start, rate) + frame, rate)
    text = f"TITLE: R\n* LOC: {told} RED door slam\n"
    path = tmp_path_factory.mktemp("reel") / "a.edl"
    found, notes = remarks(path, text, rate, start, 2000.0)
    assert [round(time_s * rate) for time_s, _, _ in found] == [frame]
    assert not notes


def test_another_hour_is_found_and_what_lies_outside_is_counted(tmp_path):
    text = "* LOC: 03:00:02:00 RED one\n* LOC: 03:30:00:00 RED two\n"
    found, notes = remarks(tmp_path / "a.edl", text)
    assert found == [(2.0, None, "one")]
    assert [note.text for note in notes] == [
        "a.edl counts from another hour than the picture: moved by -2 h.",
        "1 of 2 markers of a.edl lie outside the picture.",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.edl", "TITLE: nothing"),
        ("a.csv", "a,b\n1,2\n"),
        ("a.txt", "SESSION NAME:\tX\nTIMECODE FORMAT:\tBars\n"),
        ("a.otio", "{}"),
        ("a.edl", "* LOC: 01:00:00:25 RED late"),
        ("a.csv", b"\x00\x01\x02" * 99),
        ("a.csv", "time,note\n" + "9" * 400 + ",x\n"),
        ("a.csv", "time,note\n1.0," + "x" * 200_000 + "\n"),
        ("a.txt", SESSION.replace("48000.000000", "inf")),
        ("a.edl", "* LOC: 01:00:00:00 RED " + "|C: |M: " * 20_000 + "\n"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FoleyError) as caught:
        read_remarks(path, PAL)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
