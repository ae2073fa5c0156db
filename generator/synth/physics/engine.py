"""The embedded engine: plays events on instruments and sets their levels."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.sound_event import Hit, SoundEvent, SourceKind, Span
from foley_designer.generator.engine import Dry, Samples
from foley_designer.generator.synth.instrument_registry import INSTRUMENTS
from foley_designer.generator.synth.instruments.instrument import (
    Instrument,
    Rhythmic,
    Stretch,
    Stroke,
    Sustained,
    spread_hit,
)
from foley_designer.generator.synth.physics.signals import (
    Wave,
    count_of,
    fade_edges,
    gain,
    highpass,
    lowpass,
    rms,
    unit_peak,
)
from foley_designer.generator.synth.play import Play, known_moods, resolve_play
from foley_designer.generator.synth.voicing import voiced
from foley_designer.generator.synth.words import nearest, tokens

HIT_PEAK_DB = -6.0
"""Peak of a hit of strength 1, dBFS."""
HIT_RANGE_DB = 24.0
"""Between strength 0 and 1."""
TEXTURE_RMS_DB = -20.0
"""RMS of a texture of intensity 1, dBFS."""
TEXTURE_RANGE_DB = 18.0
"""Between intensity 0 and 1."""
TEXTURE_PEAK = gain(-3.0)
"""Peak that no texture exceeds."""
TEXTURE_SQUEEZE_DB = 4.0
"""How far rare peaks are pressed; textures with a larger crest lie below their RMS target."""
FULL_SCALE = 0.98
"""Peak of a whole take."""
USUAL_FORCE = 0.6
FORCE_DB = 10.0
"""Level between force 0 and 1, on top of each hit's strength."""
JITTER_DB, MOST_JITTER_DB = 0.35, 0.5
"""Spread and bound of what no two blows share: two hits lie within 1 dB of the relation of their
strengths, which may have been told."""
BLOCK_S = 20.0
"""Longest texture rendered at once, which bounds memory."""
CROSSFADE_S = 1.5
"""Between blocks of a long texture."""
CLIP_END_FADE_S = 0.012


class SynthEngine:
    """Physically informed synthesis of every subcategory; needs no recordings."""

    name = "synth"
    version = "11"

    def supports(self, event: SoundEvent) -> float:
        """1 if the variant leads to a word of the instrument, a little less elsewhere."""
        variant = event.performance.variant
        known = INSTRUMENTS[event.subcategory].words.variants
        return 1.0 if variant is None or any(nearest(w, known) for w in tokens(variant)) else 0.8

    def vocabulary(self) -> dict[Subcategory, dict[str, tuple[str, ...]]]:
        """Words that each subcategory's instrument knows, the default first."""
        return {
            subcategory: {
                "variant": instrument.words.variants,
                "surface": instrument.words.surfaces,
                "material": instrument.words.materials,
                "mood": known_moods(),
            }
            for subcategory, instrument in INSTRUMENTS.items()
        }

    def understood(self, event: SoundEvent) -> Play:
        """How the engine reads the event's performance."""
        section = INSTRUMENTS[event.subcategory]
        variant = resolve_play(event, section.words).variant
        return resolve_play(event, section.words_for(variant))

    def render(self, event: SoundEvent, sample_count: int, rng: np.random.Generator) -> Dry:
        """Perform the event dry; see `foley_designer.generator.engine.Engine`.

        Every hit and span draws from its own generator, so that moving one leaves the others.
        """
        channels = 2 if event.source.kind is SourceKind.AROUND else 1
        play = self.understood(event)
        object_rng, hits_rng, spans_rng = rng.spawn(3)
        instrument = INSTRUMENTS[event.subcategory].play(play, object_rng)
        out = np.zeros((channels, sample_count), dtype=np.float32)
        gaps = _gaps(event.hits)
        streams = hits_rng.spawn(len(event.hits))
        for index, (hit, gap, stream) in enumerate(zip(event.hits, gaps, streams, strict=True)):
            start = round(hit.time_s * SAMPLE_RATE)
            stroke = Stroke(hit.strength, index, gap)
            _play_hit(out, instrument, start, stroke, stream, event.subcategory)
        for span, stream in zip(event.spans, spans_rng.spawn(len(event.spans)), strict=True):
            _play_span(out, instrument, span, stream, event.subcategory)
        return Dry(_within_scale(out))


def _gaps(hits: tuple[Hit, ...]) -> list[float]:
    """Seconds from each hit to the next; the last repeats the one before."""
    if not hits:
        return []
    gaps = [after.time_s - before.time_s for before, after in pairwise(hits)]
    return [*gaps, gaps[-1] if gaps else 2.0]


def _play_hit(
    out: Samples,
    instrument: Instrument,
    start: int,
    stroke: Stroke,
    rng: np.random.Generator,
    subcategory: Subcategory,
) -> None:
    room = out.shape[1] - start
    if room <= 0:
        return
    play = instrument.play
    wave = voiced(instrument.hit(stroke, rng), subcategory, play.variant, play.surface)
    wave = highpass(wave, 22.0)
    wave = fade_edges(_softened(wave, stroke.strength), 0.0, 0.02)
    force_db = FORCE_DB * (instrument.play.force - USUAL_FORCE)
    level_db = HIT_PEAK_DB - HIT_RANGE_DB * (1.0 - stroke.strength) + force_db
    level_db += float(np.clip(rng.normal(0.0, JITTER_DB), -MOST_JITTER_DB, MOST_JITTER_DB))
    wave = spread_hit(unit_peak(wave) * gain(level_db), rng, out.shape[0])
    if wave.shape[1] > room:
        wave = fade_edges(wave[:, :room], 0.0, CLIP_END_FADE_S)
    out[:, start : start + wave.shape[1]] += wave.astype(np.float32)


def _softened(wave: Wave, strength: float) -> Wave:
    """Weak blows lose highs, whatever the source: one pole from 2.5 kHz up to 20 kHz."""
    return lowpass(wave, 2500.0 * 8.0**strength, 1)


def _play_span(
    out: Samples,
    instrument: Instrument,
    span: Span,
    rng: np.random.Generator,
    subcategory: Subcategory,
) -> None:
    start = min(round(span.start_s * SAMPLE_RATE), out.shape[1])
    count = min(round(span.end_s * SAMPLE_RATE), out.shape[1]) - start
    if count <= 0:
        return
    stretch = Stretch(count, span.intensity, out.shape[0])
    if isinstance(instrument, Rhythmic):
        strokes = instrument.rhythm(stretch, rng)
        for (at, stroke), stream in zip(strokes, rng.spawn(len(strokes)), strict=True):
            _play_hit(out, instrument, start + at, stroke, stream, subcategory)
    elif isinstance(instrument, Sustained):
        _sustain(out[:, start : start + count], instrument, stretch, rng)


def _sustain(
    view: Samples, instrument: Sustained, stretch: Stretch, rng: np.random.Generator
) -> None:
    """Fill a view of the take, from blocks where it is long."""
    count = stretch.count
    level_db = TEXTURE_RMS_DB - TEXTURE_RANGE_DB * (1.0 - stretch.intensity)
    edge = min(0.04, 0.2 * count / SAMPLE_RATE)
    for offset, length, stream in _blocks(count, rng):
        block = instrument.span(replace(stretch, count=length), stream)
        block = highpass(block, 22.0)
        level = gain(level_db) / max(rms(block), 1e-9)
        loudest = TEXTURE_PEAK * gain(TEXTURE_SQUEEZE_DB)
        level = min(level, loudest / max(float(np.abs(block).max()), 1e-9))
        block = _squeezed(block * level, TEXTURE_PEAK)
        block = _crossfaded(block, offset > 0, offset + length < count)
        if offset == 0:
            block = fade_edges(block, edge, 0.0)
        if offset + length >= count:
            block = fade_edges(block, 0.0, edge)
        view[:, offset : offset + length] += block.astype(np.float32)


def _squeezed(wave: Wave, ceiling: float, knee: float = 0.5) -> Wave:
    """Peaks bent below a ceiling; what stays under its share ``knee`` is untouched."""
    bend, rest = knee * ceiling, (1.0 - knee) * ceiling
    over = np.maximum(np.abs(wave) - bend, 0.0)
    return np.where(over > 0, np.sign(wave) * (bend + rest * np.tanh(over / rest)), wave)


def _within_scale(out: Samples) -> Samples:
    """Where many hits add up beyond full scale, their peaks are bent back below it."""
    step = count_of(BLOCK_S)
    for start in range(0, out.shape[1], step):
        part = out[:, start : start + step]
        if np.abs(part).max(initial=0.0) > FULL_SCALE:
            part[:] = _squeezed(part.astype(np.float64), FULL_SCALE, 0.75)
    return out


def _blocks(count: int, rng: np.random.Generator) -> list[tuple[int, int, np.random.Generator]]:
    """Offsets and lengths of blocks that overlap by the cross-fade, each with its own chance."""
    overlap = count_of(CROSSFADE_S)
    if count <= BLOCK_S * SAMPLE_RATE + overlap:
        return [(0, count, rng)]
    step = count_of(BLOCK_S)
    offsets = list(range(0, count - overlap, step))
    streams = rng.spawn(len(offsets))
    return [
        (offset, min(step + overlap, count - offset), stream)
        for offset, stream in zip(offsets, streams, strict=True)
    ]


def _crossfaded(block: Wave, fade_in: bool, fade_out: bool) -> Wave:
    """Equal-power fades where a block meets its neighbours."""
    overlap = min(count_of(CROSSFADE_S), block.shape[1])
    curve = np.sin(0.5 * np.pi * (np.arange(overlap) + 0.5) / overlap)
    if fade_in:
        block[:, :overlap] *= curve
    if fade_out:
        block[:, -overlap:] *= curve[::-1]
    return block
