"""A Reaper project: stems as items on named and coloured tracks, faders and markers."""

from pathlib import Path

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import write_text
from foley_designer.export.ardour import place
from foley_designer.export.charts import colour
from foley_designer.export.delivery import Delivery, Track, plain_name
from foley_designer.export.regions import regions


def write_reaper(delivery: Delivery, folder: Path) -> Path:
    """Write the project and copies of the stems beside it; returns the ``.rpp`` file.

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
        place(track.path, folder / "stems" / file)
        lines += _track(track, f"stems/{file}")
    path = folder / f"{plain_name(f'{delivery.film}_r{delivery.reel}_foley')}.rpp"
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


def _track(track: Track, file: str) -> list[str]:
    red, green, blue = bytes.fromhex(colour(track.event)[1:])
    # Reaper keeps colours as blue, green, red with bit 24 set.
    tint = 1 << 24 | blue << 16 | green << 8 | red
    lines = [
        "  <TRACK",
        f"    NAME {_quoted(track.name)}",
        f"    PEAKCOL {tint}",
        f"    VOLPAN {10 ** (track.stem.gain_db / 20):.9f} 0 -1 -1 1",
        "    NCHAN 2",
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


def _quoted(text: str) -> str:
    """Text in the first kind of quotes that it doesn't contain, on one line."""
    plain = " ".join(text.split())
    mark = next((mark for mark in "\"'`" if mark not in plain), None)
    return f"{mark}{plain}{mark}" if mark else '"' + plain.replace('"', "'") + '"'
