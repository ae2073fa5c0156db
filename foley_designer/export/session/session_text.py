"""Pro Tools' "session info as text": files, tracks with their clips, and markers, in timecode.

The layout is that of Pro Tools' own export (File, Export, Session Info as Text), which spotting and
conforming programs read: tab-separated, cells padded with spaces.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import write_text
from foley_designer.core.mix import marker
from foley_designer.core.session.session import Session
from foley_designer.core.timecode import frame_at, to_timecode
from foley_designer.export.delivery import Delivery, StemFormat, Track
from foley_designer.export.session.regions import regions
from foley_designer.screenplay.turnover.session_text import HEAD, MARKERS, TRACKS

_FORMATS = {
    Fraction(24000, 1001): "23.976",
    Fraction(30000, 1001): "29.97",
    Fraction(48000, 1001): "47.952",
    Fraction(60000, 1001): "59.94",
}
_CHANNELS = {StemFormat.MONO: 1, StemFormat.STEREO: 2, StemFormat.SURROUND: 6}
_WIDTHS = {1: "(Mono)", 2: "(Stereo)", 6: "(5.1)"}


def write_session_text(delivery: Delivery, path: Path) -> None:
    """Write the session that a delivery's stems make, as Pro Tools tells it.

    Raises:
        FoleyError: ``sound_unreadable``, or as `replacing` raises.
    """
    tracks = [line for track in delivery.tracks for line in _track(delivery, track)]
    lines = [*_head(delivery), *_files(delivery), TRACKS, *tracks, *_markers(delivery)]
    write_text(path, "\n".join([*lines, ""]))


def format_of(rate: Fraction, *, drop_frame: bool) -> str:
    """A rate as Pro Tools names it: ``23.976 Frame``, ``29.97 Drop Frame``, ``25 Frame``."""
    name = _FORMATS.get(rate, f"{float(rate):g}")
    return f"{name} {'Drop ' if drop_frame else ''}Frame"


def _head(delivery: Delivery) -> list[str]:
    count = len(delivery.tracks)
    clips = sum(len(regions(track)) for track in delivery.tracks)
    start = _told(delivery, delivery.origin - delivery.lead_frames)
    return [
        f"{HEAD}\t{_cell(delivery.document_name)}",
        f"SAMPLE RATE:\t{SAMPLE_RATE:.6f}",
        "BIT DEPTH:\t24-bit",
        f"SESSION START TIMECODE:\t{start}",
        f"TIMECODE FORMAT:\t{format_of(delivery.rate, drop_frame=delivery.drop_frame)}",
        f"# OF AUDIO TRACKS:\t{count}",
        f"# OF AUDIO CLIPS:\t{clips}",
        f"# OF AUDIO FILES:\t{count}",
        "",
        "",
    ]


def _files(delivery: Delivery) -> list[str]:
    names = [Path(delivery.stem_file(track)).name for track in delivery.tracks]
    width = max([len("Filename"), *map(len, names)])
    lines = ["O N L I N E  F I L E S  I N  S E S S I O N", f"{'Filename':{width}}\tLocation"]
    lines += [f"{name:{width}}\tstems:" for name in names]
    lines += ["", "", "O N L I N E  C L I P S  I N  S E S S I O N"]
    lines.append(f"{'CLIP NAME':30}\tSource File")
    for track, name in zip(delivery.tracks, names, strict=True):
        for number, _ in enumerate(regions(track), start=1):
            lines.append(f"{clip_name(delivery, track, number):30}\t{name}")
    return [*lines, "", ""]


def clip_name(delivery: Delivery, track: Track, number: int) -> str:
    """A region's name: its file's, with its number as Pro Tools counts edits."""
    return f"{delivery.stem_name(track)}-{number:02}"


def _track(delivery: Delivery, track: Track) -> Iterator[str]:
    channels = _CHANNELS[delivery.stems]
    state = "Muted" if track.event.id in delivery.script.silenced else "Unmuted"
    yield f"TRACK NAME:\t{_cell(track.name)} {_WIDTHS[channels]}"
    yield f"COMMENTS:\t{_cell(track.event.description)}"
    yield "USER DELAY:\t0 Samples"
    yield f"STATE: \t{'Muted' if state == 'Muted' else ''}"
    heads = ("CLIP NAME", "START TIME", "END TIME", "DURATION")
    padded = "\t".join(f"{head:{30 if not n else 14}}" for n, head in enumerate(heads))
    for channel in range(1, channels + 1):
        if channel == 1:
            yield f"CHANNEL \tEVENT   \t{padded}\tSTATE"
        at = 0
        for number, region in enumerate(regions(track), start=1):
            start, end = region.frames(delivery)
            start = max(start, at)
            at = max(end, start + 1)
            times = [_told(delivery, delivery.origin + frame) for frame in (start, at)]
            times.append(to_timecode(at - start, delivery.rate, delivery.drop_frame))
            told = "\t".join(f"  {time:12}" for time in times)
            name = clip_name(delivery, track, number)
            yield f"{channel:<8}\t{number:<8}\t{name:30}\t{told}\t{state}"
    yield from ("", "")


def _markers(delivery: Delivery) -> Iterator[str]:
    """Comments, and where scenes begin."""
    scenes = [(one.start_s, one.title or one.scene, "scene") for one in delivery.script.settings]
    said = marker.load(Session(delivery.root)).markers
    every = sorted([*scenes, *((one.time_s, one.text, one.outcome) for one in said)])
    yield MARKERS
    heads = ("#   ", "LOCATION     ", "TIME REFERENCE    ", "UNITS    ", f"{'NAME':33}", "COMMENTS")
    yield "\t".join(heads)
    for number, (time_s, name, comment) in enumerate(every, start=1):
        frame = frame_at(time_s, delivery.rate)
        sample = delivery.samples_at(frame + delivery.lead_frames)
        place = _told(delivery, delivery.origin + frame)
        cells = (f"{number:<4}", f"{place:13}", f"{sample:<18}", "Samples  ", f"{_cell(name):33}")
        yield "\t".join([*cells, _cell(comment)])


def _told(delivery: Delivery, frame: int) -> str:
    return to_timecode(frame, delivery.rate, delivery.drop_frame)


def _cell(text: str) -> str:
    """Text that stays in its cell."""
    return " ".join(text.split())
