"""The untouched picture of a clip with its Foley beside it: a movie that editors open.

The picture's packets are copied, never decoded. Time zero of the sound is the first shown frame,
whatever start offset or edit list the clip's container has: frames that an edit list hides keep
negative times and stay hidden, and times are copied packet by packet, so that a variable rate
stays in step.
"""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from foley_designer.core.clip import SAMPLE_RATE, Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.timecode import from_timecode
from foley_designer.export.audio.packet_times import PacketTimes, RawTime, packet_times
from foley_designer.export.audio.wav import read_blocks
from foley_designer.vision.video.source import open_source, unreadable

STEP = "deliver"
_BLOCK = SAMPLE_RATE // 4
_BITEXACT = {"fflags": "+bitexact"}


class Muxed(NamedTuple):
    """What was written."""

    path: Path
    """``out``, or ``out`` with another suffix where its container can't carry the picture."""
    notes: tuple[Note, ...]


class _Container(NamedTuple):
    suffix: str
    format: str
    audio_codec: str


_CONTAINERS = (
    _Container(".mov", "mov", "pcm_s24le"),
    _Container(".mp4", "mp4", "flac"),
    _Container(".mkv", "matroska", "flac"),
    _Container(".avi", "avi", "pcm_s24le"),
)
"""In order of preference. FLAC where PCM loses its channel layout; AVI for codecs of its age."""
SUFFIXES = tuple(container.suffix for container in _CONTAINERS)
"""Of the movie, whichever container carries the picture."""


class _Track(NamedTuple):
    name: str
    layout: str
    disposition: Disposition


_TRACKS = (
    _Track("Foley stereo", "stereo", Disposition.default),
    _Track("Foley 5.1", "5.1(side)", Disposition(0)),
)


class _RefusedError(Exception):
    """A container doesn't know the picture's codec; others are refused as they are written."""


def mux(
    clip: Path,
    stereo: Path,
    surround: Path,
    out: Path,
    *,
    clip_info: Clip,
    timecode: str | None = None,
) -> Muxed:
    """Put the clip's picture and two sound tracks, stereo and 5.1, into one movie.

    The clip's own sound is dropped. Sound is 48 kHz, 24 bit: PCM in QuickTime, FLAC in MP4 and
    Matroska. Equal inputs give equal bytes.

    Args:
        clip: the film clip.
        stereo: two-channel sound file at 48 kHz whose time 0 is the first shown frame.
        surround: six-channel sound file, L R C LFE Ls Rs.
        out: the movie to write, with the suffix ``.mov``.
        clip_info: what is known about the clip.
        timecode: start timecode for a timecode track; None writes none.

    Raises:
        FoleyError: ``clip_unreadable``, ``clip_without_video``, ``sound_unreadable``;
            ``tool_failed`` if no container takes the picture; and as `replacing` raises.
    """
    sounds = (stereo, surround)
    times = _read_times(clip, clip_info.rate)
    refusals: list[str] = []
    notes = _length_notes(times, clip_info)
    if timecode is not None:
        try:
            from_timecode(timecode, clip_info.timecode_rate)
        except ValueError as error:
            text = f"The movie has no timecode track: {error}."
            notes.append(Note(kind=NoteKind.FALLBACK, step=STEP, text=text))
            timecode = None
    for container in _CONTAINERS:
        path = out.with_suffix(container.suffix)
        try:
            with replacing(path) as temporary:
                _copy(
                    clip,
                    times,
                    sounds,
                    temporary,
                    container=container,
                    clip_info=clip_info,
                    timecode=timecode,
                )
        except (_RefusedError, av.FFmpegError) as refusal:
            refusals.append(getattr(refusal, "strerror", None) or str(refusal))
        else:
            return Muxed(path, (*_fallback_notes(path, refusals), *notes))
    raise FoleyError(
        ErrorCode.TOOL_FAILED,
        f"No container can carry the picture of {clip.name} unchanged.",
        "Convert the clip to H.264 in MP4 and design that.",
    )


def sound_lengths(movie: Path) -> list[int]:
    """Samples of each sound track of a movie, after its container."""
    with av.open(str(movie)) as film:
        return [
            round((track.duration or 0) * (track.time_base or 0) * SAMPLE_RATE)
            for track in film.streams.audio
        ]


def _read_times(clip: Path, rate: Fraction) -> PacketTimes:
    """Times of the picture's packets: the container's, or counted if it has none that rise."""
    raw: list[RawTime] = []
    with open_source(clip, rate) as source:
        base = source.stream.time_base or Fraction(1, 1000)
        step = max(round(1 / (rate * base)), 1)
        try:
            for packet in source.container.demux(source.stream):
                if packet.size:
                    after = raw[-1].pts + step if raw else 0
                    pts = next((t for t in (packet.pts, packet.dts) if t is not None), after)
                    duration = packet.duration or 0
                    raw.append(RawTime(int(pts), packet.dts, duration, packet.is_discard))
                    untimed = packet.pts is None
        except av.FFmpegError as error:
            raise unreadable(clip, str(error)) from error
    if len(raw) > 1 and (untimed or len({time.pts for time in raw}) < 2):
        base, raw = 1 / rate, _counted(clip, rate, len(raw))
    times = packet_times(raw, base, rate)
    if times is None:
        raise FoleyError(ErrorCode.CLIP_EMPTY, f"{clip.name} shows no frame.")
    return times


def _counted(clip: Path, rate: Fraction, count: int) -> list[RawTime]:
    """Frame numbers as times: packets are decoded to learn in which order they are shown."""
    order: list[int | None] = []
    with open_source(clip, rate) as source:
        numbers = iter(range(count))
        for packet in source.container.demux(source.stream):
            if packet.size:
                packet.pts = packet.dts = next(numbers, count)
            with suppress(av.FFmpegError):
                order += [frame.pts for frame in packet.decode()]
    shown = {pts: position for position, pts in enumerate(order) if pts is not None}
    return [RawTime(shown.get(number, number), None, 1) for number in range(count)]


def _copy(
    clip: Path,
    times: PacketTimes,
    sounds: tuple[Path, Path],
    path: Path,
    *,
    container: _Container,
    clip_info: Clip,
    timecode: str | None,
) -> None:
    """Write one movie; sound is fed in step with the picture, so that little is held at once."""
    with (
        open_source(clip, clip_info.rate) as source,
        av.open(str(path), "w", format=container.format, options=_BITEXACT) as output,
    ):
        picture = source.stream
        target = _add_picture(output, picture, times, clip_info.timecode_rate)
        if timecode is not None:
            target.metadata["timecode"] = timecode
        tracks = [
            _SoundTrack(output, container.audio_codec, *track)
            for track in zip(_TRACKS, sounds, strict=True)
        ]
        shown = (packet for packet in source.container.demux(picture) if packet.size)
        for packet, time in zip(shown, times.times, strict=False):
            packet.stream = target
            packet.time_base = times.time_base
            packet.pts, packet.dts, packet.duration = time
            for track in tracks:
                track.advance(float(time.dts * times.time_base))
            output.mux(packet)
        for track in tracks:
            track.advance(None)


def _add_picture(
    output: OutputContainer, picture: VideoStream, times: PacketTimes, rate: Fraction
) -> VideoStream:
    """A stream like the clip's: codec data, rotation, pixel shape and colours come along."""
    try:
        # opaque: codecs that this build only decodes, such as AV1, can be copied too.
        target = output.add_stream_from_template(picture, opaque=True)
    except ValueError as error:
        raise _RefusedError(str(error)) from error
    target.time_base = times.time_base
    # The rate inside a codec's headers may be nonsense, and the timecode track is built from it.
    target.codec_context.framerate = rate
    return target


class _SoundTrack:
    """One sound file on its way into a movie."""

    def __init__(self, output: OutputContainer, codec: str, kind: _Track, sound: Path) -> None:
        options = {"flags": "+bitexact"}
        stream = cast(
            AudioStream,
            output.add_stream(codec, rate=SAMPLE_RATE, layout=kind.layout, options=options),
        )
        stream.codec_context.format = av.AudioFormat("s32")
        stream.metadata["handler_name"] = stream.metadata["title"] = kind.name
        stream.disposition = kind.disposition
        self._output = output
        self._stream = stream
        self._layout = kind.layout
        self._blocks = read_blocks(sound, _BLOCK)
        self._samples = 0

    def advance(self, until_s: float | None) -> None:
        """Encode blocks until one starts after a time; None encodes the rest and ends."""
        while until_s is None or self._samples <= until_s * SAMPLE_RATE:
            block = next(self._blocks, None)
            if block is None:
                break
            scaled = np.rint(block.T.astype(np.float64) * 2**23).astype(np.int32) << 8
            frame = av.AudioFrame.from_ndarray(
                scaled.reshape(1, -1), format="s32", layout=self._layout
            )
            frame.sample_rate = SAMPLE_RATE
            frame.time_base = Fraction(1, SAMPLE_RATE)
            frame.pts = self._samples
            self._samples += block.shape[1]
            self._output.mux(self._stream.encode(frame))
        if until_s is None:
            self._output.mux(self._stream.encode(None))


def _fallback_notes(path: Path, refusals: list[str]) -> list[Note]:
    """Tell that, and why, another container than the wanted one was written."""
    if not refusals:
        return []
    text = f"Wrote {path.name}: MOV can't carry this clip's picture unchanged ({refusals[0]})."
    return [Note(kind=NoteKind.FALLBACK, step=STEP, text=text)]


def _length_notes(times: PacketTimes, clip_info: Clip) -> list[Note]:
    """Tell when the container's picture is longer or shorter than what was designed."""
    difference = times.duration_s - clip_info.duration_s
    if abs(difference) <= 1.5 * clip_info.frame_s:
        return []
    text = (
        f"The picture lasts {times.duration_s:.3f} s, the sound {clip_info.duration_s:.3f} s: "
        f"{difference:+.3f} s."
    )
    return [Note(kind=NoteKind.OPEN_POINT, step=STEP, text=text)]
