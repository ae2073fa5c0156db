"""``report.html``: one self-contained page that shows what was designed, and why.

The page asks nothing of the network and needs no script; every word from outside is escaped.
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from foley_designer.core.errors import FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import LOUDNESS, MixPlan, TrackPlan
from foley_designer.core.mix.take import Take
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.search_log import SearchLog
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.spotting import Spotting
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.session_record import SessionRecord, StemRecord
from foley_designer.dsp.repair.faults import MixFault, MixFaultKind
from foley_designer.export.report import charts
from foley_designer.export.report.cue_sheet import DOUBTFUL
from foley_designer.export.report.levels import levels
from foley_designer.export.report.pages import environment
from foley_designer.export.report.paths import paths
from foley_designer.export.report.pictures import PICTURE_VERSION, goniometer, keyframe, spectrogram
from foley_designer.export.report.scenes import scene_views
from foley_designer.export.report.search_chart import search_graph
from foley_designer.export.session.passage import Ruler
from foley_designer.vision.events.unplayed import unplayed

MOST_KEYFRAMES = 72
STRIP_WIDTH = 1400
MOST_MASKING = 24
"""Events in the masking table; more would not be read."""
_PICTURE_PIXELS = 6_000_000
"""Pixels of all spectrograms together, so that a page with many stems stays small."""
_KEYFRAME_TIME = re.compile(r"_(\d+)ms\.")


@dataclass(frozen=True)
class ReportMaterial:
    """All that the page shows."""

    record: SessionRecord
    observation: Observation
    text: StructuredText
    search: SearchLog
    script: FoleyScript
    cues: Cues
    plan: MixPlan
    session: Path
    """The session's folder: stems and mixes are looked for in it."""
    keyframes: Path
    """Folder of the keyframes that the observation names."""
    scenes: SceneMap | None = None
    """The film's scenes, if there are several."""
    spotting: Spotting | None = None
    """What was said of moments, where someone looked."""
    doubtful: dict[str, str] = field(default_factory=dict)
    """Strips of doubtful moments that nobody looked at, named relative to the keyframes."""
    against: dict[str, str] = field(default_factory=dict)
    """Frames of what speaks against a candidate by its node, named relative to the keyframes."""
    takes: tuple[Take, ...] = ()
    diagnosis: Diagnosis | None = None
    diagnosis_after: Diagnosis | None = None
    faults: tuple[MixFault, ...] = ()
    """What was wrong with the takes themselves."""
    faults_left: tuple[MixFault, ...] = ()
    """What of it is still to be measured on the stems."""
    notes: tuple[Note, ...] = field(default=())
    """Notes that aren't in the record."""


@dataclass(frozen=True)
class TrackView:
    """One track as the page shows it."""

    number: int
    event: SoundEvent
    colour: str
    doubtful: bool
    stem: StemRecord | None
    take: Take | None
    plan: TrackPlan | None
    before: TrackFeatures | None
    after: TrackFeatures | None
    picture: Markup | None


def write_report(path: Path, material: ReportMaterial) -> None:
    """Write the page.

    Pictures of stems, mixes or keyframes that are missing are left out.

    Raises:
        FoleyError: as `replacing` raises.
    """
    pages = environment()
    pages.filters["db"] = _decibels
    pages.filters["bar"] = _bar
    template = pages.get_template("report.html.j2")
    write_text(path, template.render(_context(material)))


def _context(m: ReportMaterial) -> dict[str, Any]:
    ruler = Ruler(m.script.clip)
    left_out = unplayed(m.script, m.observation)
    return {
        "m": m,
        "clip": m.script.clip,
        "ruler": ruler,
        "target": LOUDNESS[m.plan.target],
        "gauge": _gauge(m),
        "shots": _shots(m, ruler),
        "timeline": charts.timeline(m.script, m.observation, left_out, ruler),
        "scenes": scene_views(m.scenes, m.observation, m.script, ruler),
        "places": charts.places(m.script, m.cues, ruler),
        "paths": paths(m.observation, m.script, m.keyframes),
        "looked": _looked(m, ruler),
        "tracks": _tracks(m, ruler),
        "mix": _mix(m, ruler),
        "masking": _masking(m),
        "faults": _faults(m),
        "search": search_graph(m.search) if m.search.nodes else None,
        "against": {
            node: uri
            for node, name in m.against.items()
            if (uri := keyframe(m.keyframes / name, STRIP_WIDTH))
        },
        "notes": _notes(m),
        "legend": sorted({(e.category.value, charts.colour(e)) for e in m.script.events}),
        "credits": sorted({c for stem in m.record.stems for c in stem.credits}),
        "hit_count": sum(len(event.hits) for event in m.script.events),
        "left_out_count": len(left_out),
        "doubtful_count": sum(view < DOUBTFUL for view in _confidences(m.script)),
    }


def _confidences(script: FoleyScript) -> list[float]:
    """Confidence of every cue: of its event and of its hit."""
    return [
        min(event.confidence, hit.confidence) for event in script.events for hit in event.hits
    ] + [event.confidence for event in script.events if not event.hits]


def _decibels(value: float | None, unit: str = "dB") -> str:
    return "–" if value is None else f"{value:.1f}\N{NO-BREAK SPACE}{unit}".replace("-", "−")


def _bar(level_db: float) -> int:
    """Height in percent of a bar for a level of −60 to 0 dB."""
    return round(min(max((level_db + 60) / 0.6, 2), 100))


def _gauge(m: ReportMaterial) -> dict[str, float] | None:
    """Where the mix's loudness and its target stand on a scale from −45 to −5 LUFS, in percent."""
    target, _ = LOUDNESS[m.plan.target]
    measured = m.record.mix.stereo.integrated_lufs if m.record.mix else None
    if measured is None:
        return None
    places = {"measured": measured} | ({} if target is None else {"target": target})
    return {name: min(max((value + 45) / 40 * 100, 0), 100) for name, value in places.items()}


def _shots(m: ReportMaterial, ruler: Ruler) -> list[dict[str, Any]]:
    """Shots with their keyframes; with many shots, one keyframe each and not of every shot."""
    shots = m.observation.shots
    each = max(1, min(3, MOST_KEYFRAMES // len(shots)))
    stride = math.ceil(len(shots) / MOST_KEYFRAMES)
    views = []
    for shot in shots[::stride]:
        names = (
            shot.keyframes[:each] if each > 1 else shot.keyframes[len(shot.keyframes) // 2 :][:1]
        )
        pictures = [
            (uri, ruler.at(_keyframe_time(name, shot)))
            for name in names
            if (uri := keyframe(m.keyframes / name, 240))
        ]
        views.append({"shot": shot, "pictures": pictures, "tc": ruler.at(shot.start_s)})
    return views


def _keyframe_time(name: str, shot: Shot) -> float:
    """A keyframe's time from its name; the shot's start where the name doesn't tell."""
    match = _KEYFRAME_TIME.search(name)
    return int(match[1]) / 1000 if match else shot.start_s


def _looked(m: ReportMaterial, ruler: Ruler) -> list[dict[str, Any]]:
    """Strips of moments: what was said of them, then the doubtful ones that nobody judged."""
    views = []
    for spot in m.spotting.said if m.spotting else ():
        uri = keyframe(m.keyframes / spot.strip, STRIP_WIDTH) if spot.strip else None
        shown = {"uri": uri, "name": spot.moment_id or "", "verdict": spot.verdict.value}
        moved = f", to {spot.to_s:.3f} s" if spot.to_s is not None else ""
        told = f"{spot.by or 'a person'}{moved}{': ' if spot.reason else ''}{spot.reason}"
        views.append(shown | {"tc": ruler.at(spot.time_s), "told": told})
    moments = {one.id: one for one in m.observation.moments}
    for name, strip in m.doubtful.items():
        uri = keyframe(m.keyframes / strip, STRIP_WIDTH)
        if uri and (moment := moments.get(name)):
            told = f"confidence {moment.confidence:.2f}"
            tc = ruler.at(moment.time_s)
            views.append({"uri": uri, "name": name, "verdict": "doubtful", "tc": tc, "told": told})
    return views


def _tracks(m: ReportMaterial, ruler: Ruler) -> list[TrackView]:
    stems = {stem.event_id: stem for stem in m.record.stems}
    takes = {take.event_id: take for take in m.takes}
    plans = {track.event_id: track for track in m.plan.tracks}
    before = {t.event_id: t for t in (m.diagnosis.tracks if m.diagnosis else ())}
    after = {t.event_id: t for t in (m.diagnosis_after.tracks if m.diagnosis_after else ())}
    width = min(900, _PICTURE_PIXELS // (100 * len(m.script.events)) or 1)
    return [
        TrackView(
            number=number,
            event=event,
            colour=charts.colour(event),
            doubtful=event.confidence < DOUBTFUL,
            stem=stems.get(event.id),
            take=takes.get(event.id),
            plan=plans.get(event.id),
            before=before.get(event.id),
            after=after.get(event.id),
            picture=_stem_picture(m, event, stems.get(event.id), ruler, width),
        )
        for number, event in enumerate(m.script.events, start=1)
    ]


def _stem_picture(
    m: ReportMaterial, event: SoundEvent, stem: StemRecord | None, ruler: Ruler, width: int
) -> Markup | None:
    if stem is None or not (m.session / stem.file).is_file():
        return None
    try:
        uri = _drawn_once(m, stem, width)
    except FoleyError:
        return None
    return charts.stem_picture(uri, event, ruler, m.script.clip.duration_s)


def _drawn_once(m: ReportMaterial, stem: StemRecord, width: int) -> str:
    """The spectrogram of a stem; one that was drawn from the same bytes is taken again.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    name = f"{stem.sha256}_{width}_{PICTURE_VERSION}.txt"
    drawn = m.session / ".foley" / "pictures" / name
    if drawn.is_file():
        return drawn.read_text()
    uri = spectrogram(m.session / stem.file, width, 96)
    write_text(drawn, uri)
    return uri


def _mix(m: ReportMaterial, ruler: Ruler) -> dict[str, Any] | None:
    """Loudness, meters and goniometer of the delivered mixes."""
    if m.record.mix is None:
        return None
    duration = m.script.clip.duration_s
    stereo, surround = m.record.mix.stereo, m.record.mix.surround
    view: dict[str, Any] = {
        "loudness": charts.loudness_chart(
            stereo.short_term_lufs,
            surround.short_term_lufs,
            LOUDNESS[m.plan.target][0],
            duration,
            ruler,
        ),
        "meters": None,
        "goniometer": None,
    }
    if (path := m.session / "mix_5_1.wav").is_file():
        view["meters"] = charts.meters(levels(path, 480), duration, ruler)
    if (path := m.session / "mix_stereo.wav").is_file():
        view["goniometer"] = goniometer(path)
    return view


def _masking(m: ReportMaterial) -> dict[str, Any] | None:
    """Who masks whom, before and after: the events that are masked most."""
    if m.diagnosis is None or not m.diagnosis.masking:
        return None
    before = m.diagnosis.masking
    after = m.diagnosis_after.masking if m.diagnosis_after else {}
    worst = sorted(before, key=lambda target: (-max([0, *before[target].values()]), target))
    ids = {event.id for event in m.script.events}
    names = [event_id for event_id in worst if event_id in ids][:MOST_MASKING]
    order = [event for event in m.script.events if event.id in names]
    return {"events": order, "before": before, "after": after}


_FAULTS = {
    MixFaultKind.TOO_REVERBERANT: ("rings longer than the scene", "s"),
    MixFaultKind.CLIPPED: ("clipped", "samples"),
    MixFaultKind.DC_OFFSET: ("DC offset", "of full scale"),
}


def _faults(m: ReportMaterial) -> list[dict[str, Any]]:
    """Faults of takes in words, each with what is left of it."""
    labels = {event.id: event.label for event in m.script.events}
    left = {(fault.kind, fault.event_id): fault.measured for fault in m.faults_left}
    return [
        {
            "event_id": fault.event_id,
            "label": labels[fault.event_id],
            "what": _FAULTS[fault.kind][0],
            "was": f"{fault.measured:.3g} {_FAULTS[fault.kind][1]}",
            "left": left.get((fault.kind, fault.event_id)),
        }
        for fault in m.faults
    ]


def _notes(m: ReportMaterial) -> list[tuple[str, list[Note]]]:
    """Notes under headings, what a user should look at first."""
    all_notes = (*m.record.notes, *m.script.notes, *m.plan.notes, *m.observation.notes, *m.notes)
    unique = list(dict.fromkeys(all_notes))
    headings = {
        NoteKind.FALLBACK: "Fallbacks that were taken",
        NoteKind.OPEN_POINT: "Open points",
        NoteKind.ADVICE: "Advice",
        NoteKind.DECISION: "Decisions",
        NoteKind.PART: "Parts",
    }
    groups = [
        (heading, [note for note in unique if note.kind is kind])
        for kind, heading in headings.items()
    ]
    return [(heading, notes) for heading, notes in groups if notes]
