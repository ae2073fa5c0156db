"""Broadcast WAV stems and mixes: timecode, loudness, markers, sync pops and handles."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix_loudness import MixLoudness
from foley_designer.core.sound_event import SoundEvent
from foley_designer.dsp.loudness import LoudnessMeter
from foley_designer.export.bwf_chunks import Marker, bext, ixml, markers
from foley_designer.export.delivery import POP_S, Delivery, Track, plain_name
from foley_designer.export.wav import Samples, read_blocks, wav_writer

POP_HZ = 1000.0
POP_DBFS = -20.0
CHANNELS = {1: ("M",), 2: ("L", "R"), 6: ("L", "R", "C", "LFE", "Ls", "Rs")}


class StemFormat(StrEnum):
    """Channels of delivered stems."""

    MONO = "mono"
    STEREO = "stereo"
    SURROUND = "5.1"
    """Front left and right of six channels, the others silent: for hosts with 5.1 tracks."""


def write_bwf(
    delivery: Delivery, out_dir: Path, stems: StemFormat = StemFormat.STEREO
) -> list[Path]:
    """Write every stem and both mixes as Broadcast WAV; returns the files.

    Raises:
        FoleyError: ``sound_unreadable``, or as `wav_writer` raises.
    """
    paths = []
    for track in delivery.tracks:
        path = out_dir / "stems" / f"{delivery.stem_name(track)}.wav"
        _write(delivery, path, track.path, track.name, track=track, stems=stems)
        paths.append(path)
    mix = delivery.record.mix
    for name, loudness in (
        ("stereo", mix.stereo if mix else None),
        ("5_1", mix.surround if mix else None),
    ):
        path = out_dir / plain_name(f"{delivery.film}_r{delivery.reel}_FX_{name}.wav")
        source = delivery.root / f"mix_{name}.wav"
        _write(delivery, path, source, f"Foley mix {name}", loudness=loudness)
        paths.append(path)
    return paths


def _write(
    delivery: Delivery,
    path: Path,
    source: Path,
    description: str,
    *,
    track: Track | None = None,
    stems: StemFormat = StemFormat.STEREO,
    loudness: MixLoudness | None = None,
) -> None:
    """One file: lead with pop, sound, tail with pop, then the chunks that describe it."""
    if track is not None:
        loudness = _measured(source)
    lead = delivery.origin - delivery.lead_frames
    reference = delivery.samples_at(lead)
    lead_samples = delivery.samples_at(delivery.origin) - reference
    blocks = source_blocks(source, stems if track else None)
    first = next(blocks)
    names = CHANNELS[len(first)]
    note = track.event.description if track else ""
    opening = [
        bext(description, path.stem, reference, loudness, len(first)),
        ixml(
            delivery.film,
            f"r{delivery.reel}",
            delivery.clip.rate,
            delivery.drop_frame,
            reference,
            names,
            note,
        ),
    ]
    with wav_writer(path, len(first), opening=opening) as writer:
        writer.write(_lead(delivery, lead_samples, len(first)))
        writer.write(first)
        for block in blocks:
            writer.write(block)
        writer.write(_tail(delivery, lead_samples, len(first)))
        if track is not None:
            writer.closing += markers(event_markers(track.event, lead_samples))


def source_blocks(path: Path, stems: StemFormat | None) -> Iterator[Samples]:
    """A file's blocks in the channels that are wanted; None takes them as they are."""
    for block in read_blocks(path):
        if stems is StemFormat.MONO and len(block) > 1:
            yield block.mean(axis=0, keepdims=True, dtype=np.float32)
        elif stems is StemFormat.SURROUND:
            yield np.concatenate([block, np.zeros((4, block.shape[1]), np.float32)])
        else:
            yield block


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
    time = np.arange(round(SAMPLE_RATE / delivery.clip.rate)) / SAMPLE_RATE
    tone = 10 ** (POP_DBFS / 20) * np.sin(2 * np.pi * POP_HZ * time)
    pop = np.repeat(tone[None].astype(np.float32), channels, axis=0)
    if channels == 6:
        pop[3] = 0
    return pop


def _lead(delivery: Delivery, count: int, channels: int) -> Samples:
    """Silence before picture; with pops, one frame of tone two counted seconds before it."""
    lead = np.zeros((channels, count), np.float32)
    if delivery.pops and delivery.lead_frames >= POP_S * round(delivery.clip.rate):
        pop = _pop(delivery, channels)
        frame = delivery.origin - POP_S * round(delivery.clip.rate)
        at = count - (delivery.samples_at(delivery.origin) - delivery.samples_at(frame))
        lead[:, at : at + pop.shape[1]] = pop[:, : count - at]
    return lead


def _tail(delivery: Delivery, lead_samples: int, channels: int) -> Samples:
    """Silence after picture; with pops, one frame of tone two counted seconds after it."""
    if not delivery.pops:
        return np.zeros((channels, lead_samples), np.float32)
    pop = _pop(delivery, channels)
    at = delivery.samples_at(POP_S * round(delivery.clip.rate))
    tail = np.zeros((channels, max(lead_samples, at + pop.shape[1])), np.float32)
    tail[:, at : at + pop.shape[1]] = pop
    return tail
