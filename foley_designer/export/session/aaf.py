"""An AAF composition with embedded mono essence: each stem's left and right on a track each.

What the mix leaves out is muted as editors mute clips: a Selector whose selected part is filler and
whose alternate is the clip (AAF Edit Protocol, section 6.4).
"""

import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing
from foley_designer.export.audio.bwf_chunks import ORIGINATOR
from foley_designer.export.audio.wav import read_blocks, wav_info, wav_writer
from foley_designer.export.delivery import Delivery, Track
from foley_designer.export.session.regions import Region, regions

LARGEST = 2**31
"""Bytes of sound that one AAF may embed; structured storage holds little more than this."""


def write_aaf(delivery: Delivery, path: Path) -> Path:
    """Write the composition; its clips start and last as the regions do, to the sample.

    AAF objects carry fresh identifiers and dates, so bytes differ from one writing to the next.

    Raises:
        FoleyError: ``part_missing`` without pyaaf2, ``clip_too_large``, ``sound_unreadable``, or
            as `replacing` raises.
    """
    aaf2 = library()
    with replacing(path) as temporary:
        temporary.unlink()
        with aaf2.open(str(temporary), "w") as file, tempfile.TemporaryDirectory() as folder:
            maker = file.header["IdentificationList"].value[0]
            maker["CompanyName"].value = maker["ProductName"].value = ORIGINATOR
            composition = file.create.CompositionMob(delivery.film)
            composition.usage = "Usage_TopLevel"
            file.content.mobs.append(composition)
            _timecode(file, composition, delivery)
            for track in delivery.tracks:
                silent = track.event.id in delivery.script.silenced
                for channel, side in enumerate("LR"):
                    lane = f"{track.name}.{side}"
                    sound = _channel(track, channel, Path(folder) / f"{track.number}{side}.wav")
                    _add(file, composition, track, lane, sound, silent=silent)
    return path


def library() -> Any:
    """pyaaf2; raises FoleyError ``part_missing`` without it."""
    try:
        return import_module("aaf2")
    except ImportError as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "pyaaf2 is not installed.",
            'Run: pip install "foley-designer[export]"',
        ) from error


def check_size(delivery: Delivery) -> None:
    """Refuse with ``clip_too_large`` what one AAF can't embed."""
    size = 6 * sum(wav_info(track.path).samples for track in delivery.tracks)
    if size > LARGEST:
        raise FoleyError(
            ErrorCode.CLIP_TOO_LARGE,
            f"An AAF can't embed {size >> 20} MiB of stems.",
            "Take OpenTimelineIO or an Ardour session for this one.",
        )


def _timecode(file: Any, composition: Any, delivery: Delivery) -> None:
    """A timecode slot that starts at the first frame."""
    rate = delivery.rate
    timecode = file.create.Timecode(round(rate), drop=delivery.drop_frame)
    timecode.start = delivery.origin
    timecode.length = delivery.frame_count
    slot = composition.create_timeline_slot(str(rate))
    slot.name = "Timecode"
    slot.segment = timecode


def _muted(file: Any, clip: Any) -> Any:
    """Filler in the place of a clip, which stays as what could be selected."""
    choice = file.create.Selector(media_kind="sound", length=clip.length)
    choice["Selected"].value = file.create.Filler("sound", clip.length)
    choice["Alternates"].value = [clip]
    return choice


def _channel(track: Track, channel: int, sound: Path) -> Path:
    """One channel of a stem as a file."""
    with wav_writer(sound, 1, extensible=False) as writer:
        for block in read_blocks(track.path):
            writer.write(block[channel : channel + 1])
    return sound


def _add(
    file: Any, composition: Any, track: Track, name: str, sound: Path, *, silent: bool
) -> None:
    """Embed one channel of a stem and lay its regions on a track of their own."""
    master = file.create.MasterMob(name)
    file.content.mobs.append(master)
    essence = master.import_audio_essence(str(sound), SAMPLE_RATE)
    sound.unlink()
    sequence = file.create.Sequence(media_kind="sound")
    at = 0
    for region in regions(track):
        if region.start > at:
            sequence.components.append(file.create.Filler("sound", region.start - at))
        clip = _clip(master, essence, region)
        sequence.components.append(_muted(file, clip) if silent else clip)
        at = region.end
    sequence.length = at
    slot = composition.create_timeline_slot(SAMPLE_RATE)
    slot.name = name
    slot.segment = sequence


def _clip(master: Any, essence: Any, region: Region) -> Any:
    return master.create_source_clip(
        slot_id=essence.slot_id,
        start=region.start,
        length=region.end - region.start,
        media_kind="sound",
    )
