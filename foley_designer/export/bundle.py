"""One door to everything that a post house can be given from a finished session."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from foley_designer.core.files import write_text
from foley_designer.export.aaf import write_aaf
from foley_designer.export.adm import Profile, write_adm
from foley_designer.export.ardour import write_ardour
from foley_designer.export.bwf import StemFormat, write_bwf
from foley_designer.export.cue_sheet import cue_rows, write_cue_sheet
from foley_designer.export.delivery import Delivery, plain_name
from foley_designer.export.edl import write_edls
from foley_designer.export.otio import write_fcp7, write_otio
from foley_designer.export.pages import environment
from foley_designer.export.reaper import write_reaper


class Kind(StrEnum):
    """What can be exported."""

    BWF = "bwf"
    ADM_EBU = "adm-ebu"
    ADM_ATMOS = "adm-atmos"
    AAF = "aaf"
    OTIO = "otio"
    FCPXML7 = "fcpxml7"
    EDL = "edl"
    ARDOUR = "ardour"
    REAPER = "reaper"
    CUES = "cues"


def export(
    session_dir: Path,
    kinds: Sequence[Kind | str],
    out_dir: Path,
    *,
    stems: StemFormat | str = StemFormat.STEREO,
    **options: Any,
) -> list[Path]:
    """Write the kinds that are asked for, and always ``credits.txt``.

    Args:
        session_dir: a finished session.
        kinds: what to write; each once, in a fixed order.
        out_dir: where it goes; files of the same name are replaced.
        stems: channels of Broadcast WAV stems.
        options: ``start``, ``reel``, ``title``, ``pops``, ``handles_s``, ``naming``, as fields of
            `Delivery`.

    Returns:
        The files, in the order of writing.

    Raises:
        FoleyError: ``session_not_found``, ``option_invalid``, ``part_missing`` (with the line
            that installs it), ``sound_unreadable``, or as `replacing` raises.
        ValueError: an unknown kind or stem format.
    """
    delivery = Delivery.of(session_dir, **options)
    wanted = {Kind(kind) for kind in kinds}
    name = plain_name(f"{delivery.film}_r{delivery.reel}_foley")
    files = {track.event.id: track.path for track in delivery.tracks}
    paths: list[Path] = []
    if Kind.BWF in wanted:
        paths += write_bwf(delivery, out_dir, StemFormat(stems))
        files = dict(zip(files, paths, strict=False))
    writers: dict[Kind, Callable[[], Path | list[Path]]] = {
        Kind.ADM_EBU: partial(write_adm, delivery, out_dir / f"{name}_adm.wav", Profile.EBU),
        Kind.ADM_ATMOS: partial(write_adm, delivery, out_dir / f"{name}_atmos.wav", Profile.ATMOS),
        Kind.AAF: partial(write_aaf, delivery, out_dir / f"{name}.aaf"),
        Kind.OTIO: partial(write_otio, delivery, out_dir / f"{name}.otio", files),
        Kind.FCPXML7: partial(write_fcp7, delivery, out_dir / f"{name}.xml", files),
        Kind.EDL: partial(write_edls, delivery, out_dir / "edl"),
        Kind.ARDOUR: partial(write_ardour, delivery, out_dir / "ardour"),
        Kind.REAPER: partial(write_reaper, delivery, out_dir / "reaper"),
        Kind.CUES: partial(write_cues, delivery, out_dir, name),
    }
    for kind, write in writers.items():
        if kind in wanted:
            made = write()
            paths += made if isinstance(made, list) else [made]
    return [*paths, write_credits(delivery, out_dir / "credits.txt")]


def write_cues(delivery: Delivery, folder: Path, name: str) -> list[Path]:
    """Write the cue sheet as CSV and as a page to print; raises as `replacing` does."""
    table, page = folder / f"{name}_cues.csv", folder / f"{name}_cues.html"
    about = (delivery.script, delivery.cues, delivery.record.stems)
    start = delivery.first_frame
    write_cue_sheet(table, *about, reel=delivery.reel, start=start)
    html = (
        environment()
        .get_template("cue_sheet.html.j2")
        .render(
            title=delivery.film,
            reel=delivery.reel,
            rate=f"{float(delivery.clip.rate):.5g}",
            rows=cue_rows(*about, reel=delivery.reel, start=start),
        )
    )
    write_text(page, html)
    return [table, page]


def write_credits(delivery: Delivery, path: Path) -> Path:
    """Write sources and licences of the recordings in each stem; raises as `replacing` does."""
    lines = [f"{delivery.film}: recordings used in the Foley", ""]
    for track in delivery.tracks:
        for credit in track.stem.credits:
            lines.append(f"{delivery.stem_name(track)}: {' '.join(credit.split())}")
    if len(lines) == 2:
        lines.append("None: every sound was synthesised.")
    write_text(path, "\n".join([*lines, ""]))
    return path
