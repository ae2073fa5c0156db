"""One door to everything that a post house can be given from a finished session."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.note import Note, NoteKind
from foley_designer.export.audio.adm import Profile, write_adm
from foley_designer.export.audio.bwf import Layout, write_bwf
from foley_designer.export.audio.mux import mux
from foley_designer.export.delivery import Delivery, plain_name
from foley_designer.export.report.cue_sheet import cue_rows, write_cue_sheet
from foley_designer.export.report.pages import environment
from foley_designer.export.session.aaf import write_aaf
from foley_designer.export.session.ardour import write_ardour
from foley_designer.export.session.edl import write_edls
from foley_designer.export.session.otio import write_fcp7, write_otio
from foley_designer.export.session.reaper import write_reaper
from foley_designer.export.session.session_stem import StemFormat


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
    MOV = "mov"


class _Written(NamedTuple):
    """Files of one kind, and what their receiver should know."""

    paths: list[Path]
    notes: tuple[Note, ...] = ()


def export(
    session_dir: Path,
    kinds: Sequence[Kind | str],
    out_dir: Path,
    *,
    stems: StemFormat | str = StemFormat.STEREO,
    layout: Layout | str = Layout.INTERLEAVED,
    **options: Any,
) -> list[Path]:
    """Write the kinds that are asked for, ``credits.txt``, and ``notes.txt`` where there are any.

    Args:
        session_dir: a finished session.
        kinds: what to write; each once, in a fixed order.
        out_dir: where it goes; files of the same name are replaced.
        stems: channels of Broadcast WAV stems; mono also gives Ardour and Reaper mono tracks
            whose pan follows the cues, otherwise theirs are the placed stereo stems.
        layout: whether Broadcast WAVs hold all channels or one each; then timelines point at the
            session's own stems.
        options: ``start``, ``reel``, ``title``, ``version``, ``pops``, ``handles_s``, ``naming``,
            as fields of `Delivery`.

    Returns:
        The files, in the order of writing.

    Raises:
        FoleyError: ``session_not_found``, ``option_invalid``, ``part_missing`` (with the line
            that installs it), ``sound_unreadable``, or as `replacing` raises.
        ValueError: an unknown kind or stem format.
    """
    delivery = Delivery.of(session_dir, **options)
    wanted = {Kind(kind) for kind in kinds}
    files = {track.event.id: track.path for track in delivery.tracks}
    made: list[_Written] = []
    if Kind.BWF in wanted:
        made.append(_Written(write_bwf(delivery, out_dir, StemFormat(stems), Layout(layout))))
        if Layout(layout) is Layout.INTERLEAVED:
            files = dict(zip(files, made[0].paths, strict=False))
    for kind, write in _writers(delivery, out_dir, files, StemFormat(stems)).items():
        if kind in wanted:
            made.append(write())
    paths = [path for written in made for path in written.paths]
    paths.append(write_credits(delivery, out_dir / "credits.txt"))
    notes = [note.text for written in made for note in written.notes]
    if notes:
        paths.append(out_dir / "notes.txt")
        write_text(paths[-1], "\n".join([*notes, ""]))
    return paths


def _writers(
    delivery: Delivery, out_dir: Path, files: dict[str, Path], stems: StemFormat
) -> dict[Kind, Callable[[], _Written]]:
    """What writes each kind, in the order of writing; ``files`` are the stems to point at."""
    name = plain_name(f"{delivery.film}_r{delivery.reel}_foley")
    return {
        Kind.ADM_EBU: lambda: _adm(delivery, out_dir / f"{name}_adm.wav", Profile.EBU),
        Kind.ADM_ATMOS: lambda: _adm(delivery, out_dir / f"{name}_atmos.wav", Profile.ATMOS),
        Kind.AAF: lambda: _Written([write_aaf(delivery, out_dir / f"{name}.aaf")]),
        Kind.OTIO: lambda: _Written([write_otio(delivery, out_dir / f"{name}.otio", files)]),
        Kind.FCPXML7: lambda: _Written([write_fcp7(delivery, out_dir / f"{name}.xml", files)]),
        Kind.EDL: lambda: _Written(write_edls(delivery, out_dir / "edl")),
        Kind.ARDOUR: lambda: _Written([write_ardour(delivery, out_dir / "ardour", stems)]),
        Kind.REAPER: lambda: _Written([write_reaper(delivery, out_dir / "reaper", stems)]),
        Kind.CUES: lambda: _Written(write_cues(delivery, out_dir, name)),
        Kind.MOV: lambda: _movie(delivery, out_dir / f"{name}.mov"),
    }


def _adm(delivery: Delivery, path: Path, profile: Profile) -> _Written:
    made = write_adm(delivery, path, profile)
    if made.trim_db > -0.01:
        return _Written([made.path])
    text = f"{path.name} is {-made.trim_db:.1f} dB below the mix: its peaks have no limiter."
    return _Written([made.path], (Note(kind=NoteKind.ADVICE, step="export", text=text),))


def _movie(delivery: Delivery, path: Path) -> _Written:
    """The clip's picture with both mixes and a timecode track."""
    clip = Path(delivery.record.inputs.clip_path)
    if not clip.is_file():
        raise FoleyError(
            ErrorCode.CLIP_NOT_FOUND,
            f"The clip of this session is no longer at {clip}.",
            "Put it back, or leave --mov out.",
        )
    mixes = (delivery.root / "mix_stereo.wav", delivery.root / "mix_5_1.wav")
    made = mux(clip, *mixes, path, clip_info=delivery.clip, timecode=delivery.first_frame)
    return _Written([made.path], made.notes)


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
