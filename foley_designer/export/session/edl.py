"""CMX 3600 edit decision lists: one a stem, since the format knows no more than a few tracks."""

from pathlib import Path

from foley_designer.core.files import write_text
from foley_designer.core.timecode import to_timecode
from foley_designer.export.delivery import Delivery, Track
from foley_designer.export.session.regions import regions


def write_edls(delivery: Delivery, folder: Path) -> list[Path]:
    """Write a list of its regions for each stem, named like the stem.

    Raises:
        FoleyError: ``sound_unreadable``, or as `replacing` raises.
    """
    paths = []
    for track in delivery.tracks:
        paths.append(folder / f"{delivery.stem_name(track)}.edl")
        write_text(paths[-1], _edl(delivery, track))
    return paths


def _edl(delivery: Delivery, track: Track) -> str:
    mode = "DROP FRAME" if delivery.drop_frame else "NON-DROP FRAME"
    lines = [f"TITLE: {_line(f'{delivery.film} {track.name}')[:70]}", f"FCM: {mode}", ""]
    muted = ["* MUTED IN THE MIX"] if track.event.id in delivery.script.silenced else []
    at = 0
    for number, region in enumerate(regions(track), start=1):
        start, end = region.frames(delivery)
        start = max(start, at)
        at = max(end, start + 1)
        begin, stop = (
            to_timecode(delivery.origin + frame, delivery.rate, delivery.drop_frame)
            for frame in (start, at)
        )
        lines += [
            f"{number:03d}  {f'FX{track.number:03}':<8} A     C        "
            f"{begin} {stop} {begin} {stop}",
            f"* FROM CLIP NAME: {_line(region.name)}",
            f"* SOURCE FILE: {Path(delivery.stem_file(track)).name}",
            f"* COMMENT: {track.event.ucs_id} {track.event.layer.value}",
            *muted,
            "",
        ]
    return "\n".join(lines)


def _line(text: str) -> str:
    """Text that stays on its line."""
    return " ".join(text.split())
