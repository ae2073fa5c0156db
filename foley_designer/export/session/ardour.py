"""An Ardour session: stems on named and coloured tracks, faders, pans, regions and markers.

Written in the document form of Ardour 6, which 6 and later read: positions in samples.
"""

import xml.etree.ElementTree as ET
from fractions import Fraction
from itertools import count
from pathlib import Path

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import replacing
from foley_designer.export.delivery import Delivery, Track
from foley_designer.export.report.charts import colour
from foley_designer.export.session.regions import Region, regions
from foley_designer.export.session.session_stem import (
    PanPoint,
    SessionStem,
    session_stem,
)

_FORMATS = {
    Fraction(24000, 1001): "timecode_23976",
    Fraction(24): "timecode_24",
    Fraction(25): "timecode_25",
    Fraction(30000, 1001): "timecode_2997",
    Fraction(30): "timecode_30",
    Fraction(48000, 1001): "timecode_23976",
    Fraction(48): "timecode_24",
    Fraction(50): "timecode_25",
    Fraction(60000, 1001): "timecode_5994",
    Fraction(60): "timecode_60",
}
_REGION = {
    "muted": 0,
    "opaque": 0,
    "locked": 0,
    "automatic": 0,
    "import": 0,
    "external": 1,
    "sync-marked": 0,
    "left-of-split": 0,
    "right-of-split": 0,
    "hidden": 0,
    "position-locked": 0,
    "valid-transients": 0,
    "stretch": 1,
    "shift": 1,
    "positional-lock-style": "AudioTime",
    "layering-index": 0,
    "envelope-active": 0,
    "default-fade-in": 0,
    "default-fade-out": 0,
    "fade-in-active": 0,
    "fade-out-active": 0,
    "scale-amplitude": 1,
    "type": "audio",
    "first-edit": "nothing",
}


def write_ardour(delivery: Delivery, folder: Path) -> Path:
    """Write the session's folder with the stems; returns the ``.ardour`` file.

    Raises:
        FoleyError: ``sound_unreadable``, or as `replacing` raises.
    """
    name = delivery.document_name
    sounds = folder / "interchange" / name / "audiofiles"
    session = _Session(delivery, name)
    for track in delivery.tracks:
        file = f"{delivery.stem_name(track)}.wav"
        session.add(track, session_stem(track, sounds / file, delivery.stems), file)
    path = folder / f"{name}.ardour"
    with replacing(path) as temporary:
        session.tree().write(temporary, encoding="UTF-8", xml_declaration=True)
    return path


class _Session:
    """The session document while tracks are added to it."""

    def __init__(self, delivery: Delivery, name: str) -> None:
        self._delivery = delivery
        self._ids = count(1)
        self.root = _node(None, "Session", version=6000, name=name, sample_rate=SAMPLE_RATE)
        config = _node(self.root, "Config")
        rate = delivery.rate
        form = _FORMATS[rate] + ("drop" if delivery.drop_frame else "")
        offset = delivery.samples_at(delivery.origin)
        for key, value in (
            ("native-file-data-format", "FormatInt24"),
            ("native-file-header-format", "BWF"),
            ("timecode-format", form),
            ("timecode-offset", offset),
            ("timecode-offset-negative", 1),
        ):
            _node(config, "Option", name=key, value=value)
        self.sources = _node(self.root, "Sources")
        self.regions = _node(self.root, "Regions")
        self._locations()
        self.routes = _node(self.root, "Routes")
        self.playlists = _node(self.root, "Playlists")
        for section in ("Metadata", "Bundles", "UnusedPlaylists", "RouteGroups"):
            _node(self.root, section)
        self._tempo()
        gain = delivery.record.mix.master_gain_db if delivery.record.mix else 0.0
        self._route("Master", 0, "#808080", SessionStem(2, gain, ()), None)

    def _locations(self) -> None:
        places = _node(self.root, "Locations")
        end = self._delivery.clip.sample_count
        session = {"start": 0, "end": end, "flags": "IsSessionRange"}
        _node(places, "Location", id=next(self._ids), name="session", **session, locked=0)
        for event in self._delivery.script.events:
            for number, hit in enumerate(event.hits, start=1):
                at = round(hit.time_s * SAMPLE_RATE)
                mark = {"start": at, "end": at, "flags": "IsMark"}
                name = f"{event.label} {number}"
                _node(places, "Location", id=next(self._ids), name=name, **mark, locked=0)

    def _tempo(self) -> None:
        """A tempo map, which every session has."""
        tempos = _node(self.root, "TempoMap")
        start = {"pulse": 0, "frame": 0, "movable": 0, "lock-style": "AudioTime"}
        beat = {"beats-per-minute": 120, "end-beats-per-minute": 120, "note-type": 4}
        _node(tempos, "Tempo", **start, **beat, clamped=0, active=1, locked_to_meter=0)
        bar = {"note-type": 4, "divisions-per-bar": 4, "beat": 0, "bbt": "1|1|0"}
        _node(tempos, "Meter", **start, **bar)

    def add(self, track: Track, stem: SessionStem, file: str) -> None:
        """Add a stem's sources, its regions and its track."""
        sources = [next(self._ids) for _ in range(stem.channels)]
        for channel, number in enumerate(sources):
            about = {"type": "audio", "flags": "", "channel": channel, "origin": "", "gain": 1}
            _node(self.sources, "Source", id=number, name=file, **about)
        playlist = next(self._ids)
        route = self._route(track.name, track.number, colour(track.event), stem, playlist)
        if track.event.id in self._delivery.script.silenced:
            last = self.routes[-1]
            points = "PreFader,PostFader,Listen,Main"
            _node(last, "MuteMaster", **{"mute-point": points, "muted": 1})
        about = {"name": track.name, "type": "audio", "orig-track-id": route, "frozen": 0}
        lane = _node(self.playlists, "Playlist", id=playlist, **about, combine_ops=0)
        for region in regions(track):
            self._region(self.regions, region, sources, whole=True)
            self._region(lane, region, sources, whole=False)

    def _region(self, parent: ET.Element, region: Region, sources: list[int], whole: bool) -> None:
        links = {
            f"{kind}source-{i}": number
            for i, number in enumerate(sources)
            for kind in ("", "master-")
        }
        _node(
            parent,
            "Region",
            id=next(self._ids),
            name=region.name,
            start=region.start,
            position=region.start,
            length=region.end - region.start,
            sync_position=0,
            ancestral_start=0,
            ancestral_length=0,
            channels=len(sources),
            whole_file=int(whole),
            **links,
            **_REGION,
        )

    def _route(
        self, name: str, order: int, tint: str, stem: SessionStem, playlist: int | None
    ) -> int:
        """A track, or without a playlist the master bus; returns its id."""
        number = next(self._ids)
        about = {"name": name, "default-type": "audio", "strict-io": 1, "active": 1}
        if playlist is not None:
            about |= {"mode": "Normal", "audio-playlist": playlist}
        route = _node(self.routes, "Route", id=number, version=6000, **about)
        flags = "MasterOut" if playlist is None else "AudioTrack"
        shade = int(f"{tint[1:]}ff", 16)
        _node(route, "PresentationInfo", order=order, flags=f"{flags},OrderSet", color=shade)
        outlet = "system:playback_" if playlist is None else "Master/audio_in "
        self._ports(route, "Input", stem.channels, "")
        self._ports(route, "Output", 2, outlet)
        self._processors(route, name, stem, is_track=playlist is not None)
        return number

    def _ports(self, route: ET.Element, direction: str, channels: int, outlet: str) -> None:
        """Ports of one direction, each with its connection where an outlet is named."""
        name = route.get("name")
        way = {"name": name, "direction": direction, "default-type": "audio"}
        ports = _node(route, "IO", id=next(self._ids), **way)
        for channel in range(1, channels + 1):
            own = f"{name}/audio_{direction.lower().removesuffix('put')} {channel}"
            port = _node(ports, "Port", type="audio", name=own)
            if outlet:
                _node(port, "Connection", other=f"{outlet}{channel}")

    def _processors(
        self, route: ET.Element, name: str, stem: SessionStem, *, is_track: bool
    ) -> None:
        """Player, fader, outputs, and the pan of a mono stem; a stereo one is placed already."""
        if is_track:
            player = {"name": f"player:{name}", "active": 1, "type": "diskreader"}
            _node(route, "Processor", id=next(self._ids), **player)
        fader = _node(route, "Processor", id=next(self._ids), name="Amp", active=1, type="amp")
        gain = {"name": "gaincontrol", "flags": "GainLike", "value": 10 ** (stem.gain_db / 20)}
        _node(fader, "Controllable", id=next(self._ids), **gain)
        out = {"name": name, "active": 1, "own-input": 1, "own-output": 0, "output": name}
        main = _node(route, "Processor", id=next(self._ids), **out, type="main-outs", role="Main")
        bypassed = int(not stem.pan)
        _node(main, "PannerShell", bypassed=bypassed, user_panner="", linked_to_route=1)
        if stem.pan:
            self._pan(route, stem.pan)

    def _pan(self, route: ET.Element, points: tuple[PanPoint, ...]) -> None:
        """The panner's position: fixed, or by automation that plays."""
        pannable = _node(route, "Pannable")
        name = "pan-azimuth"
        first = f"{_position(points[0].side):.6f}"
        _node(pannable, "Controllable", id=next(self._ids), name=name, flags="", value=first)
        if len(points) == 1:
            return
        about = {"automation-id": name, "interpolation-style": "Linear", "state": "Play"}
        lines = _node(_node(pannable, "Automation"), "AutomationList", id=next(self._ids), **about)
        told = [f"{point.sample} {_position(point.side):.6f}" for point in points]
        _node(lines, "events").text = "\n".join(told)

    def tree(self) -> ET.ElementTree:
        """The finished document."""
        self.root.set("id-counter", str(next(self._ids)))
        ET.indent(self.root)
        return ET.ElementTree(self.root)


def _position(side: float) -> float:
    """Ardour's pan, 0 on the left to 1 on the right, that has the balance of equal power.

    Its mono panner gives a channel p·(s·p + 1 − s) of its share p, with s chosen for −3 dB in the
    middle: within 0.07 dB of equal power, but not at the same p.
    """
    share = np.linspace(0, 1, 2001)
    bend = 2 - 4 * 10 ** (-3 / 20)
    gain = share * (bend * share + 1 - bend)
    angle = np.arctan2(gain, gain[::-1])
    return float(np.interp((1 - side) * np.pi / 4, angle, share))


def _node(parent: ET.Element | None, tag: str, **attributes: object) -> ET.Element:
    """A new element; underscores in names become hyphens."""
    words = {key.replace("_", "-"): str(value) for key, value in attributes.items()}
    return ET.Element(tag, words) if parent is None else ET.SubElement(parent, tag, words)
