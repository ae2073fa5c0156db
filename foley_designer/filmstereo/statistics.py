"""The page of statistics of a set: where, what, how, and a look at some of its items."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log2, radians
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import write_text
from foley_designer.core.sounds.table import category_of
from foley_designer.core.space import ACOUSTICS
from foley_designer.datasets.item import Item, Zone
from foley_designer.datasets.shards import Manifest, Sample, read_items, read_manifest, read_shard
from foley_designer.export.audio.wav import write_wav
from foley_designer.export.report.charts import COLOURS
from foley_designer.export.report.pages import environment
from foley_designer.export.report.pictures import spectrogram
from foley_designer.export.report.svg import el, line, picture, polyline, text
from foley_designer.filmstereo.plan import REGIONS_DEG

FILE = "statistics.html"
MAPPED = 400
"""Items whose paths are drawn."""
EXAMPLES = 6
_WIDTH = 460.0
_ROW = 17.0
_PLAIN = "#7f8fa3"


class Example(NamedTuple):
    """One item looked at."""

    picture: Markup
    caption: str


def write_statistics(folder: Path) -> Path:
    """Write the page beside the manifest of a set; returns its path."""
    manifest = read_manifest(folder)
    items = list(read_items(folder))
    page = environment().get_template("dataset.html.j2").render(_values(folder, manifest, items))
    write_text(folder / FILE, page)
    return folder / FILE


def _values(folder: Path, manifest: Manifest, items: Sequence[Item]) -> dict[str, Any]:
    placed = [item for item in items if item.is_placed]
    counts = Counter(item.subcategory for item in items)
    reasons = Counter(left.reason.split(":")[0] for left in manifest.left_out)
    return {
        "name": manifest.name,
        "facts": _facts(manifest, items),
        "mapped": len(placed[:MAPPED]),
        "map": _map(placed[:MAPPED]),
        "grid": _grid(placed),
        "kinds": _bars(
            {kind.value.replace("_", " "): counts[kind] for kind in Subcategory},
            [COLOURS[category_of(kind)] for kind in Subcategory],
        ),
        "charts": _charts(placed, items),
        "examples": _examples(folder, manifest),
        "left_out": reasons.most_common(12),
    }


def _facts(manifest: Manifest, items: Sequence[Item]) -> list[tuple[str, str]]:
    onsets = sum(len(item.onsets_s) for item in items)
    splits = Counter(item.split for item in items)
    return [
        ("items", str(manifest.items)),
        ("hours", f"{manifest.hours:.2f}"),
        ("shards", str(len(manifest.shards))),
        ("splits", ", ".join(f"{name} {count}" for name, count in sorted(splits.items()))),
        ("onsets", str(onsets)),
        ("verified", _listed(manifest.verified_by)),
        ("licences", _listed(manifest.licences)),
        ("left out", str(len(manifest.left_out))),
        ("space by kind", f"Cramér's V {association(items):.2f} within where each belongs"),
    ]


def association(items: Sequence[Item]) -> float:
    """How far the space tells what kind sounds, once where it belongs is known: 0 not at all, 1.

    Cramér's V with Bergsma's correction for small numbers (Journal of the Korean Statistical
    Society 42(3), 2013), the mean over spaces indoors and outdoors, weighed by their items.
    """
    total = weighed = 0.0
    for outdoors in (False, True):
        own = [each for each in items if ACOUSTICS[each.room.space].outdoors is outdoors]
        total += len(own)
        weighed += len(own) * _cramer([(each.subcategory, each.room.space) for each in own])
    return weighed / total if total else 0.0


def _cramer(pairs: Sequence[tuple[str, str]]) -> float:
    rows, columns = (sorted({pair[at] for pair in pairs}) for at in (0, 1))
    if min(len(rows), len(columns)) < 2:
        return 0.0
    table = np.zeros((len(rows), len(columns)))
    for row, column in pairs:
        table[rows.index(row), columns.index(column)] += 1.0
    count = table.sum()
    even = np.outer(table.sum(axis=1), table.sum(axis=0)) / count
    phi = float(((table - even) ** 2 / even).sum() / count)
    r, c = table.shape
    phi = max(0.0, phi - (r - 1) * (c - 1) / (count - 1))
    least = min(r - (r - 1) ** 2 / (count - 1), c - (c - 1) ** 2 / (count - 1)) - 1
    return float(np.sqrt(phi / least)) if least > 0 else 0.0


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _charts(placed: Sequence[Item], items: Sequence[Item]) -> list[tuple[str, Markup]]:
    def counted(values: Iterable[str]) -> Markup:
        return _bars(dict(sorted(Counter(values).items())))

    onsets = [min(len(item.onsets_s), 16) for item in items]
    levels = [item.peak_dbfs for item in items]
    return [
        ("Motion", counted(item.motion.value for item in placed)),
        ("Size", counted(item.size.value for item in items)),
        ("Space", counted(item.room.space.value.replace("_", " ") for item in items)),
        ("Origin", counted(item.origin.kind for item in items)),
        ("Onsets an item (16 and more in the last)", _histogram(onsets, 1.0, 17.0, 16)),
        ("Peak, dBFS", _histogram(levels, -48.0, 0.0, 16)),
    ]


def _bars(counts: Mapping[str, int], colours: Sequence[str] | None = None) -> Markup:
    """Horizontal bars with their names and numbers."""
    most = max(1, *counts.values())
    parts: list[Markup] = []
    for row, (name, count) in enumerate(counts.items()):
        y = row * _ROW
        width = (_WIDTH - 175.0) * count / most
        fill = colours[row] if colours else _PLAIN
        parts += [
            text(130, y + 12, name, "label", "end"),
            el("rect", x=138, y=y + 3, width=width, height=_ROW - 5, rx=2, fill=fill),
            text(143 + width, y + 12, str(count), "count"),
        ]
    return picture(_WIDTH, max(1, len(counts)) * _ROW + 2, parts, "Bars of counts")


def _histogram(values: Sequence[float], low: float, high: float, bins: int) -> Markup:
    counts, edges = np.histogram(np.clip(values, low, high - 1e-6), bins, (low, high))
    most, wide = max(1, int(counts.max())), (_WIDTH - 40.0) / bins
    parts: list[Markup] = []
    for index, count in enumerate(counts):
        x, height = 20 + index * wide, 70.0 * count / most
        parts.append(
            el("rect", x=x, y=76 - height, width=wide - 2, height=height, rx=1, fill=_PLAIN)
        )
        if index % 2 == 0:
            parts.append(text(x, 90, f"{edges[index]:g}", "count"))
    return picture(_WIDTH, 94, parts, "Histogram")


def _grid(items: Sequence[Item]) -> Markup:
    """Regions by zones; the deeper, the more items start there."""
    counts = Counter((item.regions_deg[0], item.zones[0]) for item in items)
    most = max([1, *counts.values()])
    parts: list[Markup] = []
    for column, region in enumerate(reversed(REGIONS_DEG)):
        name = f"{abs(region):g}° {'left' if region > 0 else 'right' if region < 0 else ''}"
        parts.append(text(95 + 74 * column, 14, name, "count", "middle"))
        for row, zone in enumerate(reversed(Zone)):
            count = counts[region, zone]
            box = el(
                "rect", x=60 + 74 * column, y=22 + 46 * row, width=70, height=42, rx=4,
                fill="#2a9d8f", fill_opacity=0.12 + 0.8 * count / most,
            )  # fmt: skip
            parts += [box, text(95 + 74 * column, 48 + 46 * row, str(count), "label", "middle")]
    for row, zone in enumerate(reversed(Zone)):
        parts.append(text(52, 48 + 46 * row, zone.value, "count", "end"))
    return picture(_WIDTH, 164, parts, "Items by region and zone")


def _map(items: Sequence[Item]) -> Markup:
    """Paths from above; the listener sits at the bottom, distance is logarithmic."""
    parts: list[Markup] = []
    for metres in (2.0, 5.0, 10.0):
        points = [_spot(angle, metres) for angle in range(-60, 61, 4)]
        parts += [polyline(points, "ring"), text(*_spot(-1, metres), f"{metres:g} m", "count")]
    for item in items:
        path = item.trajectory
        spots = [_spot(a, d) for a, d in zip(path.azimuth_deg, path.distance_m, strict=True)]
        colour = COLOURS[item.category]
        if len(set(spots)) == 1:
            x, y = spots[0]
            parts.append(el("circle", cx=x, cy=y, r=2.2, fill=colour, opacity=0.75))
        else:
            parts.append(polyline(spots[::12], "path", colour))
    x, y = _spot(0, 0.1)
    parts.append(el("circle", cx=x, cy=y, r=5, fill="currentColor"))
    return picture(_WIDTH, 325, parts, "Positions and paths from above")


def _spot(azimuth_deg: float, distance_m: float) -> tuple[float, float]:
    reach = 62.0 * log2(1.0 + distance_m / 0.4)
    angle = radians(azimuth_deg)
    return (round(_WIDTH / 2 - reach * np.sin(angle), 1), round(335 - reach * np.cos(angle), 1))


def _examples(folder: Path, manifest: Manifest) -> list[Example]:
    """Items of the first shard, evenly spread over it."""
    shard = manifest.shards[0]
    step = max(1, shard.items // EXAMPLES)
    found: list[Example] = []
    for index, sample in enumerate(read_shard(folder / shard.file)):
        if index % step == 0 and len(found) < EXAMPLES:
            found.append(Example(_look(sample), sample.item.caption))
    return found


def _look(sample: Sample) -> Markup:
    """A spectrogram with onsets and azimuth over it."""
    item = sample.item
    with TemporaryDirectory() as place:
        wav = Path(place) / "example.wav"
        write_wav(wav, sample.audio)  # the picture's axis is made for 48 kHz
        uri = spectrogram(wav, 330, 120)
    seconds = sample.audio.shape[1] / SAMPLE_RATE * (SAMPLE_RATE / item.sample_rate)
    across = 330.0 / seconds
    parts = [el("image", href=uri, x=0, y=0, width=330, height=120)]
    parts += [line(t * across, 104, t * across, 120, "onset") for t in item.onsets_s]
    if item.is_placed:
        rate = float(item.trajectory.rate)
        points = [
            (k / rate * across, 60.0 - azimuth)
            for k, azimuth in enumerate(item.trajectory.azimuth_deg)
        ]
        parts.append(polyline(points[::5], "trace"))
    return picture(330, 120, parts, item.caption)
