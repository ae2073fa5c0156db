"""Renders the gallery: four sounds of every subcategory, their spectrograms, and the page of both.

Usage: ``python -m benchmarks.sound.gallery [--only rain,fire]``. It writes ``docs/gallery.md``, its
pictures in ``docs/images/gallery/`` and its audio in ``docs/gallery/``, which is not kept in the
repository: run this to listen. The sounds are the engine's own, dry, as heard at 1 m.
"""

import argparse
import base64
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile
from PIL import Image, ImageDraw, ImageFont

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.table import category_of, is_impulsive
from foley_designer.export.report.pictures import spectrogram
from foley_designer.generator.engine import Samples
from foley_designer.generator.synth.physics.engine import SynthEngine

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECONDS = 4.0
COLUMNS = 4
WIDTH, HEIGHT, TITLE = 200, 84, 14
AROUND = frozenset({Subcategory.RAIN, Subcategory.WIND, Subcategory.AMBIENCE})
SPARSE = frozenset({Subcategory.THUNDER, Subcategory.EXPLOSION})
SURFACES = {
    Subcategory.HUMAN_STEPS: ("concrete", "wood", "gravel", "snow"),
    Subcategory.RAIN: ("concrete", "metal", "leaves", "water"),
    Subcategory.OBJECT_IMPACT: ("wood", "tile", "concrete", "carpet"),
}
"""Where the surface is worth more than the variant."""

INTRODUCTION = """# Gallery

What the embedded engine plays: every subcategory with four sounds of four seconds, 50 Hz to 20 kHz
upwards. Page, pictures and audio come from `python -m benchmarks.sound.gallery`; the audio is not
kept in the repository, so run that to listen. How near the sounds are to recordings:
[benchmarks.md](benchmarks.md).
"""


def performance(subcategory: Subcategory, index: int) -> Performance:
    """The index-th of what is shown of a subcategory."""
    words = SynthEngine().vocabulary()[subcategory]
    variant = words["variant"][index % len(words["variant"])]
    if subcategory in SURFACES:
        return Performance(variant=variant, surface=SURFACES[subcategory][index])
    if len(words["variant"]) <= index:
        return Performance(variant=variant, material=words["material"][-1])
    return Performance(variant=variant)


def _told(play: Performance) -> str:
    parts = (play.variant, play.material, f"on {play.surface}" if play.surface else None)
    return " ".join(part for part in parts if part)


def event(subcategory: Subcategory, play: Performance) -> SoundEvent:
    """Four hits, two of what rings long, or one stretch."""
    times = (0.1,) if subcategory in SPARSE else (0.1, 1.1, 1.9, 2.9)
    if play.variant in ("rooster", "horse", "cow", "baby"):
        times = times[:1]
    impulsive = is_impulsive(subcategory)
    kind = SourceKind.AROUND if subcategory in AROUND else SourceKind.POINT
    return SoundEvent(
        id="shown",
        label=subcategory.value,
        description=subcategory.value,
        subcategory=subcategory,
        layer=Layer.FOREGROUND,
        hits=tuple(Hit(time_s=t, strength=0.9 - 0.12 * i) for i, t in enumerate(times))
        if impulsive
        else (),
        spans=() if impulsive else (Span(start_s=0.0, end_s=SECONDS),),
        source=Source(kind=kind),
        performance=play,
    )


def rendered(subcategory: Subcategory, index: int) -> tuple[str, Samples]:
    """Its words and its sound."""
    play = performance(subcategory, index)
    rng = np.random.default_rng(11 + index)
    return _told(play), SynthEngine().render(
        event(subcategory, play), round(SECONDS * SAMPLE_RATE), rng
    ).samples


def picture(sounds: list[tuple[str, Samples]], folder: Path) -> Image.Image:
    """Spectrograms side by side, each under its words."""
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + 6) - 6, TITLE + HEIGHT), "#ffffff")
    draw = ImageDraw.Draw(sheet)
    for column, (words, samples) in enumerate(sounds):
        path = folder / "sound.wav"
        level = 0.5 / max(float(np.abs(samples).max()), 1e-6)
        soundfile.write(path, (samples * level).T, SAMPLE_RATE)
        data = base64.b64decode(spectrogram(path, WIDTH, HEIGHT).partition(",")[2])
        with Image.open(io.BytesIO(data)) as one:
            sheet.paste(one.convert("RGB"), (column * (WIDTH + 6), TITLE))
        draw.text((column * (WIDTH + 6) + 1, 0), words, "#1d2129", ImageFont.load_default(11))
    return sheet.quantize(40)


def page() -> str:
    """The page's Markdown."""
    lines = [INTRODUCTION]
    category = None
    for subcategory in Subcategory:
        if category_of(subcategory) is not category:
            category = category_of(subcategory)
            lines.append(f"## {category.value.replace('_', ' ').capitalize()}\n")
        shown = [_told(performance(subcategory, index)) for index in range(COLUMNS)]
        links = " · ".join(
            f"[{words}](gallery/{subcategory.value}_{index}.ogg)"
            for index, words in enumerate(shown)
        )
        title = subcategory.value.replace("_", " ")
        lines.append(f"**{title}**: {links}\n")
        lines.append(f"![Spectrograms of {title}](images/gallery/{subcategory.value}.png)\n")
    return "\n".join(lines)


def main() -> None:
    """Render sounds, pictures and the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", help="subcategories, with commas between")
    only: str | None = parser.parse_args().only
    audio, pictures = DOCS / "gallery", DOCS / "images" / "gallery"
    audio.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(parents=True, exist_ok=True)
    for subcategory in Subcategory:
        if only and subcategory.value not in only.split(","):
            continue
        sounds = [rendered(subcategory, index) for index in range(COLUMNS)]
        for index, (_, samples) in enumerate(sounds):
            soundfile.write(audio / f"{subcategory.value}_{index}.ogg", samples.T, SAMPLE_RATE)
        with TemporaryDirectory() as folder:
            picture(sounds, Path(folder)).save(pictures / f"{subcategory.value}.png", optimize=True)
        print(subcategory.value)
    (DOCS / "gallery.md").write_text(page())


if __name__ == "__main__":
    main()
