"""ADM Broadcast WAV: sounds from all around in a 5.1 bed, every other event a moving object."""

import math
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.export.audio.adm_atmos import MOST_OBJECTS, atmos_adm, dbmd
from foley_designer.export.audio.adm_xml import AdmObject, Block, ebu_adm
from foley_designer.export.audio.bwf_chunks import bext
from foley_designer.export.audio.wav import Samples, chunk, read_blocks, wav_info, wav_writer
from foley_designer.export.delivery import STEP, Delivery, Track
from foley_designer.export.report.polyline import knots

TOLERANCE_DEG = 0.5
"""A path is simplified as long as it strays no more than this."""
TOLERANCE_M = 0.1
MOST_TURN_DEG = 3.0
_BED_SPREAD = 0.5**0.5
"""Gain with which a sound from all around goes to the front and to the surround pair."""


class Profile(StrEnum):
    """Dialects of ADM; a file can't satisfy both."""

    EBU = "ebu"
    ATMOS = "atmos"


class AdmFile(NamedTuple):
    """What was written."""

    path: Path
    trim_db: float
    """Gain of the whole file against the mix, ≤ 0: without the master limiter peaks need room."""


def write_adm(delivery: Delivery, path: Path, profile: Profile) -> AdmFile:
    """Write one ADM file of the whole session, block by block.

    Objects are the stems' left and right summed, at the energy of the stem; what the mix leaves
    out, since it is muted or another is soloed, is no object. Faders and master
    gain are applied, the master limiter is not; where a peak would not fit, the whole file is
    trimmed. LFE is silent.

    Raises:
        FoleyError: ``option_invalid`` for more objects than Atmos has, ``sound_unreadable``, or
            as `wav_writer` raises.
    """
    heard = [t for t in delivery.tracks if t.event.id not in delivery.script.silenced]
    bed = [t for t in heard if t.event.source.kind is SourceKind.AROUND]
    moving = [t for t in heard if t.event.source.kind is not SourceKind.AROUND]
    if profile is Profile.ATMOS and len(moving) > MOST_OBJECTS:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"An Atmos master holds {MOST_OBJECTS} objects, this session has {len(moving)}.",
            "Take --adm ebu.",
        )
    total = max(wav_info(track.path).samples for track in delivery.tracks)
    duration = total / SAMPLE_RATE
    objects = [
        AdmObject(track.event.label, path_blocks(track.trajectory, duration, profile))
        for track in moving
    ]
    if profile is Profile.EBU:
        axml, chna = ebu_adm(delivery.film, duration, objects)
        extra = []
    else:
        axml, chna = atmos_adm(duration, objects)
        extra = [chunk(b"dbmd", dbmd(6 + len(moving)))]
    gains, trim_db = _gains(delivery, bed, moving)
    reference = delivery.samples_at(delivery.origin)
    opening = [bext(f"{delivery.film} ADM", path.stem, reference, None, 6 + len(moving))]
    with wav_writer(path, 6 + len(moving), opening=opening, extensible=False, large=True) as writer:
        for block in _blocks(bed, moving, gains):
            writer.write(block)
        writer.closing += [chunk(b"axml", axml), chunk(b"chna", chna), *extra]
    return AdmFile(path, trim_db)


def _blocks(bed: list[Track], moving: list[Track], gains: dict[str, float]) -> Iterator[Samples]:
    """Bed and objects, ``[6 + objects, n]``, in step."""
    readers = [read_blocks(track.path) for track in (*bed, *moving)]
    for blocks in zip_longest(*readers, fillvalue=np.zeros((2, 0), np.float32)):
        length = max(block.shape[1] for block in blocks)
        out = np.zeros((6 + len(moving), length), np.float32)
        for track, block in zip(bed, blocks, strict=False):
            part = block * np.float32(gains[track.event.id])
            out[0:2, : block.shape[1]] += part
            out[4:6, : block.shape[1]] += part
        for row, (track, block) in enumerate(zip(moving, blocks[len(bed) :], strict=True), 6):
            out[row, : block.shape[1]] = block.sum(axis=0) * np.float32(gains[track.event.id])
        yield out


def _gains(
    delivery: Delivery, bed: list[Track], moving: list[Track]
) -> tuple[dict[str, float], float]:
    """Gain of each track by event id, trimmed so that no channel passes full scale, and the trim.

    A bed track's gain is that of each of its four channels, an object's that of left plus right:
    1/2 of the fader where they are alike to 1 where one is silent, so that the energy stays.
    """
    master = delivery.record.mix.master_gain_db if delivery.record.mix else 0.0
    gains, peaks, bed_peak = {}, [1.0], 0.0
    for track in (*bed, *moving):
        gain = 10 ** ((track.stem.gain_db + master) / 20)
        apart = together = peak = summed_peak = 0.0
        for block in read_blocks(track.path):
            summed = block.sum(axis=0)
            apart += float(np.sum(np.square(block, dtype=np.float64)))
            together += float(np.sum(np.square(summed, dtype=np.float64)))
            peak = max(peak, float(np.abs(block).max()))
            summed_peak = max(summed_peak, float(np.abs(summed).max()))
        if track in bed:
            gains[track.event.id] = gain * _BED_SPREAD
            bed_peak += peak * gain * _BED_SPREAD
        else:
            share = min(max((apart / together) ** 0.5, 0.5), 1.0) if together > 0 else 1.0
            gains[track.event.id] = gain * share
            peaks.append(summed_peak * gain * share)
    trim = 1 / max(*peaks, bed_peak)
    return {event: gain * trim for event, gain in gains.items()}, 20 * math.log10(trim)


def path_blocks(path: Trajectory, duration_s: float, profile: Profile) -> list[Block]:
    """A trajectory as blocks in which it turns by `MOST_TURN_DEG` at most.

    The EBU renderer fades an object's loudspeaker gains during a block from the last place to
    the block's (BS.2127-1, clause 5.4): a block names the place at its end, the first one stands
    still. An Atmos object stands where its block says from the start: it names the middle.
    """
    step = float(1 / path.rate)
    azimuth = np.unwrap(np.array(path.azimuth_deg), period=360)
    distance = np.array(path.distance_m)
    times = np.arange(len(azimuth)) * step
    corners = knots([azimuth, distance], [TOLERANCE_DEG, TOLERANCE_M])
    cuts = [0.0, min(step, duration_s)]
    for one, two in pairwise(corners):
        turns = math.ceil(abs(azimuth[two] - azimuth[one]) / MOST_TURN_DEG)
        cuts += np.linspace(times[one], times[two], max(turns, 1) + 1)[1:].tolist()
    cuts = sorted({round(cut, 5) for cut in cuts if cut < duration_s - step / 2} | {duration_s})
    blocks = []
    for start, end in pairwise(cuts):
        at = (start + end) / 2 if profile is Profile.ATMOS else end if start else 0.0
        turned = float((np.interp(at, times, azimuth) + 180) % 360 - 180)
        away = float(np.interp(at, times, distance))
        blocks.append(Block(start, end, turned, away, path.extent_deg))
    return blocks


def write_noted(delivery: Delivery, path: Path, profile: Profile) -> tuple[Note, ...]:
    """Write the file, and say by how much it is below the mix; raises as `write_adm`."""
    made = write_adm(delivery, path, profile)
    if made.trim_db > -0.01:
        return ()
    text = f"{path.name} is {-made.trim_db:.1f} dB below the mix: its peaks have no limiter."
    return (Note(kind=NoteKind.ADVICE, step=STEP, text=text),)
