"""A Reaper project: stems as items on named and coloured tracks, faders, pans and markers."""

from pathlib import Path

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import write_text
from foley_designer.export.delivery import Delivery, Track
from foley_designer.export.report.charts import colour
from foley_designer.export.session.regions import regions
from foley_designer.export.session.session_stem import SessionStem, session_stem

_EQUAL_POWER, _PROJECT_LAW = 0.5**0.5, -1
"""Pan law of a mono track: gain in the middle. A stereo one is not panned."""


def write_reaper(delivery: Delivery, folder: Path) -> Path:
    """Write the project and the stems beside it; returns the ``.rpp`` file.

    Raises:
        FoleyError: ``sound_unreadable``, or as `replacing` raises.
    """
    gain = delivery.record.mix.master_gain_db if delivery.record.mix else 0.0
    start_s = delivery.samples_at(delivery.origin) / SAMPLE_RATE
    lines = [
        '<REAPER_PROJECT 0.1 "6.0" 0',
        f"  PROJOFFS {start_s:.6f} 0 0",
        f"  SAMPLERATE {SAMPLE_RATE} 1 0",
        f"  MASTER_VOLUME {10 ** (gain / 20):.9f} 0 -1 -1 1",
        *_markers(delivery),
    ]
    for track in delivery.tracks:
        file = f"{delivery.stem_name(track)}.wav"
        stem = session_stem(track, folder / "stems" / file, delivery.stems)
        silent = track.event.id in delivery.script.silenced
        lines += _track(track, stem, f"stems/{file}", silent=silent)
    path = folder / f"{delivery.document_name}.rpp"
    write_text(path, "\n".join([*lines, ">", ""]))
    return path


def _markers(delivery: Delivery) -> list[str]:
    hits = sorted(
        (hit.time_s, f"{event.label} {number}")
        for event in delivery.script.events
        for number, hit in enumerate(event.hits, start=1)
    )
    return [
        f"  MARKER {number} {time:.6f} {_quoted(name)} 0"
        for number, (time, name) in enumerate(hits, start=1)
    ]


def _track(track: Track, stem: SessionStem, file: str, *, silent: bool) -> list[str]:
    red, green, blue = bytes.fromhex(colour(track.event)[1:])
    # Reaper keeps colours as blue, green, red with bit 24 set.
    tint = 1 << 24 | blue << 16 | green << 8 | red
    lines = [
        "  <TRACK",
        f"    NAME {_quoted(track.name)}",
        f"    PEAKCOL {tint}",
        f"    VOLPAN {10 ** (stem.gain_db / 20):.9f} {_pan(stem)} -1 1",
        f"    MUTESOLO {int(silent)} 0 0",
        "    NCHAN 2",
        *_pan_envelope(stem),
    ]
    for region in regions(track):
        start = region.start / SAMPLE_RATE
        lines += [
            "    <ITEM",
            f"      POSITION {start:.9f}",
            f"      LENGTH {(region.end - region.start) / SAMPLE_RATE:.9f}",
            "      LOOP 0",
            "      FADEIN 0 0 0",
            "      FADEOUT 0 0 0",
            f"      NAME {_quoted(region.name)}",
            f"      SOFFS {start:.9f}",
            "      <SOURCE WAVE",
            f"        FILE {_quoted(file)}",
            "      >",
            "    >",
        ]
    return [*lines, "  >"]


def _pan(stem: SessionStem) -> str:
    """Pan, -1 on the left, and its law."""
    if not stem.pan:
        return f"0 {_PROJECT_LAW}"
    return f"{0.0 - stem.pan[0].side:.5f} {_EQUAL_POWER:.8f}"


def _pan_envelope(stem: SessionStem) -> list[str]:
    """The pan of what moves; unlike a track's pan, an envelope's is 1 on the left."""
    if len(stem.pan) < 2:
        return []
    points = [f"      PT {point.sample / SAMPLE_RATE:.9f} {point.side:.5f} 0" for point in stem.pan]
    return ["    <PANENV2", "      ACT 1 -1", "      VIS 1 1 1", *points, "    >"]


def _quoted(text: str) -> str:
    """Text in the first kind of quotes that it doesn't contain, on one line."""
    plain = " ".join(text.split())
    mark = next((mark for mark in "\"'`" if mark not in plain), None)
    return f"{mark}{plain}{mark}" if mark else '"' + plain.replace('"', "'") + '"'
