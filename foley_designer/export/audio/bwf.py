"""Broadcast WAV stems and mixes: timecode, loudness, markers, sync pops and handles."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.dsp.level.loudness import LoudnessMeter
from foley_designer.dsp.spatial.objects import ObjectStem, object_blocks
from foley_designer.export.audio.bwf_chunks import Marker, bext, ixml, markers
from foley_designer.export.audio.wav import Samples, read_blocks, wav_info, wav_writer
from foley_designer.export.delivery import POP_S, Delivery, Layout, StemFormat, Track
from foley_designer.export.naming import plain_name
from foley_designer.export.session.session_stem import mono_blocks

POP_HZ = 1000.0
POP_DBFS = -20.0
CHANNELS = {1: ("M",), 2: ("L", "R"), 6: ("L", "R", "C", "LFE", "Ls", "Rs")}
MASKS = {"L": 0x1, "R": 0x2, "C": 0x4, "LFE": 0x8, "Ls": 0x200, "Rs": 0x400}
"""Speaker of a channel that has a file of its own."""
MIXES = {"stereo": 2, "5_1": 6}
"""Mixes and their channels."""
STEM_CEILING_DBTP = -0.1
"""Of 5.1 stems: a source between loudspeakers may need more than the stereo stem had."""


def stem_paths(delivery: Delivery, layout: Layout) -> list[str]:
    """Paths in the delivery of all stems' files."""
    channels = {StemFormat.MONO: 1, StemFormat.STEREO: 2, StemFormat.SURROUND: 6}[delivery.stems]
    return [
        str(part)
        for track in delivery.tracks
        for part in _part_paths(Path("stems") / delivery.stem_name(track), channels, layout)
    ]


def mix_paths(delivery: Delivery) -> list[str]:
    """Paths in the delivery of both mixes' files."""
    return [
        str(part)
        for name, channels in MIXES.items()
        for part in _part_paths(Path(_mix_name(delivery, name)), channels, delivery.layout)
    ]


def write_stems(delivery: Delivery, out_dir: Path, layout: Layout) -> None:
    """Write every stem as Broadcast WAV.

    Raises:
        FoleyError: ``sound_unreadable``, or as `wav_writer` raises.
    """
    for track in delivery.tracks:
        sound = _Sound(
            out_dir / "stems" / delivery.stem_name(track),
            track.name,
            _stem_blocks(delivery, track),
            _measured(track.path),
            track.event,
        )
        _write(delivery, sound, layout)


def write_mixes(delivery: Delivery, out_dir: Path) -> None:
    """Write both mixes as Broadcast WAV; raises as `write_stems`."""
    mix = delivery.record.mix
    for name, loudness in zip(
        MIXES, (mix.stereo, mix.surround) if mix else (None,) * 2, strict=True
    ):
        sound = _Sound(
            out_dir / _mix_name(delivery, name),
            f"Foley mix {name}",
            read_blocks(delivery.root / f"mix_{name}.wav"),
            loudness,
        )
        _write(delivery, sound, delivery.layout)


def length(delivery: Delivery) -> int:
    """Samples of each delivered Broadcast WAV: lead, picture and tail."""
    lead = delivery.samples_at(delivery.origin) - file_start(delivery)
    return delivery.clip.sample_count + lead + int(_tail(delivery, lead, 1).shape[1])


def file_start(delivery: Delivery) -> int:
    """Samples from midnight to the first sample of each delivered Broadcast WAV."""
    return delivery.samples_at(delivery.origin - delivery.lead_frames)


def _mix_name(delivery: Delivery, name: str) -> str:
    """A mix's file name without suffix; of discrete files as Netflix's sound guide has it."""
    if delivery.layout is Layout.INTERLEAVED:
        return plain_name(f"{delivery.film}_r{delivery.reel}_FX_{name}")
    rate = delivery.rate
    speed = str(rate) if rate.denominator == 1 else f"{float(rate):.3f}".rstrip("0")
    label = f"FXStem_{MIXES[name]}ch_48k_24b_{speed.replace('.', '')}"
    reel = delivery.reel.zfill(2)
    return plain_name(f"{delivery.film}_r{reel}_v{delivery.version:02}_{label}")


class _Sound(NamedTuple):
    """One sound to write."""

    path: Path
    """Without suffix."""
    description: str
    blocks: Iterator[Samples]
    loudness: MixLoudness | None
    event: SoundEvent | None = None


def _write(delivery: Delivery, sound: _Sound, layout: Layout) -> None:
    """Lead with pop, sound, tail with pop, and the chunks that describe it, in one file or many."""
    reference = file_start(delivery)
    lead_samples = delivery.samples_at(delivery.origin) - reference
    first = next(sound.blocks)
    count = len(first)
    names = CHANNELS[count]
    split = layout is Layout.SPLIT and count > 1
    parts = [(name,) for name in names] if split else [names]
    paths = _part_paths(sound.path, count, layout)
    lead, tail = _lead(delivery, lead_samples, count), _tail(delivery, lead_samples, count)
    with ExitStack() as stack:
        writers = []
        for path, part in zip(paths, parts, strict=True):
            opening = _opening(delivery, sound, part, path, reference, split=split)
            mask = MASKS[part[0]] if split else None
            writers.append(
                stack.enter_context(wav_writer(path, len(part), mask=mask, opening=opening))
            )
        for block in chain((lead, first), sound.blocks, (tail,)):
            for index, writer in enumerate(writers):
                writer.write(block[index : index + 1] if split else block)
        for writer in writers:
            if sound.event is not None:
                writer.closing += markers(event_markers(sound.event, lead_samples))


def _part_paths(path: Path, channels: int, layout: Layout) -> list[Path]:
    """One file, or one a channel; ``path`` has no suffix."""
    if layout is Layout.INTERLEAVED or channels == 1:
        return [path.with_name(f"{path.name}.wav")]
    return [path.with_name(f"{path.name}.{name}.wav") for name in CHANNELS[channels]]


def _opening(
    delivery: Delivery,
    sound: _Sound,
    names: Sequence[str],
    path: Path,
    reference: int,
    *,
    split: bool,
) -> list[bytes]:
    """The chunks before the samples; one channel of many has no loudness of its own."""
    loudness = None if split else sound.loudness
    note = sound.event.description if sound.event else ""
    return [
        bext(sound.description, path.stem, reference, loudness, len(names)),
        ixml(
            delivery.film,
            f"r{delivery.reel}",
            delivery.rate,
            delivery.drop_frame,
            reference,
            names,
            note,
        ),
    ]


def _stem_blocks(delivery: Delivery, track: Track) -> Iterator[Samples]:
    """A stem's blocks in the channels that are wanted."""
    if delivery.stems is StemFormat.SURROUND:
        stem = ObjectStem(track.path, 0.0, track.trajectory)
        count = wav_info(track.path).samples
        return object_blocks(stem, count, delivery.lfe_gain_db, STEM_CEILING_DBTP)
    if delivery.stems is StemFormat.STEREO:
        return read_blocks(track.path)
    return mono_blocks(track.path)


def _measured(path: Path) -> MixLoudness:
    """Loudness of a stereo stem."""
    meter = LoudnessMeter("stereo")
    for block in read_blocks(path):
        meter.push(block)
    return meter.result()


def event_markers(event: SoundEvent, lead_samples: int) -> list[Marker]:
    """A marker at every hit and a region over every span."""
    hits = [
        Marker(lead_samples + round(hit.time_s * SAMPLE_RATE), f"{event.label} {number}")
        for number, hit in enumerate(event.hits, start=1)
    ]
    spans = [
        Marker(
            lead_samples + round(span.start_s * SAMPLE_RATE),
            event.label,
            round((span.end_s - span.start_s) * SAMPLE_RATE),
        )
        for span in event.spans
    ]
    return sorted(hits + spans)


def _pop(delivery: Delivery, channels: int) -> Samples:
    """One frame of tone; the LFE stays silent."""
    time = np.arange(round(SAMPLE_RATE / delivery.rate)) / SAMPLE_RATE
    tone = 10 ** (POP_DBFS / 20) * np.sin(2 * np.pi * POP_HZ * time)
    pop = np.repeat(tone[None].astype(np.float32), channels, axis=0)
    if channels == 6:
        pop[3] = 0
    return pop


def _lead(delivery: Delivery, count: int, channels: int) -> Samples:
    """Silence before picture; with pops, one frame of tone two counted seconds before it."""
    lead = np.zeros((channels, count), np.float32)
    if delivery.pops and delivery.lead_frames >= POP_S * round(delivery.rate):
        pop = _pop(delivery, channels)
        frame = delivery.origin - POP_S * round(delivery.rate)
        at = count - (delivery.samples_at(delivery.origin) - delivery.samples_at(frame))
        lead[:, at : at + pop.shape[1]] = pop[:, : count - at]
    return lead


def _tail(delivery: Delivery, lead_samples: int, channels: int) -> Samples:
    """Silence after picture; with pops, one frame of tone two counted seconds after it."""
    if not delivery.pops:
        return np.zeros((channels, lead_samples), np.float32)
    pop = _pop(delivery, channels)
    at = delivery.samples_at(POP_S * round(delivery.rate))
    tail = np.zeros((channels, max(lead_samples, at + pop.shape[1])), np.float32)
    tail[:, at : at + pop.shape[1]] = pop
    return tail
