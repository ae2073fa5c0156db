"""A reel as a session's documents: one event a predub, with all moments at which it sounds."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from foley_designer import __version__
from foley_designer.core.clip import Clip
from foley_designer.core.files import file_hash
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.mix.rendition import Rendition
from foley_designer.core.note import Note
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.setting import Setting
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.session.roles import Delivered
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import (
    DesignInputs,
    MixRecord,
    SessionRecord,
    Stage,
    StemRecord,
)
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space
from foley_designer.film.assembly import (
    Assembled,
    SceneSound,
    Sounding,
    majority,
    predub_file,
)
from foley_designer.film.bible import Bible
from foley_designer.film.model import Reel
from foley_designer.film.predubs import Group, runs

_STEP_S = 1e-3
"""Spans that meet within this become one."""


def save_reel(
    session: Session,
    reel: Reel,
    scenes: dict[str, SceneSound],
    made: Assembled,
    settings: Settings,
    bible: Bible,
    notes: Sequence[Note],
) -> None:
    """Write the reel's script, cues, plan and record; the record comes last."""
    clip = reel.clip.model_copy(update={"timecode": reel.start})
    events = tuple(_event(g, m, clip) for g, m in made.groups.items())
    pairs = list(zip(events, made.groups.values(), strict=True))
    settings_of = _settings(reel, scenes, bible)
    space = Counter(one.space for one in settings_of).most_common(1)[0][0]
    script = FoleyScript(
        clip=clip,
        summary=f"{reel.name}: {len(settings_of)} stretches of {len(scenes)} scenes.",
        space=space,
        settings=settings_of,
        events=events,
        notes=tuple(notes),
    )
    cues = Cues(trajectories=tuple(_trajectory(event, members, clip) for event, members in pairs))
    tracks = tuple(
        TrackPlan(event_id=group.key, gain_db=predub.gain_db)
        for group, predub in made.predubs.items()
    )
    plan = MixPlan(
        space=space, tracks=tracks, target=settings.target, lfe_gain_db=settings.lfe_gain_db
    )
    seen = Observation(
        clip=clip,
        field_of_view_deg=settings.field_of_view_deg,
        shots=(
            Shot(index=0, start_s=0, end_s=clip.duration_s, brightness=0, saturation=0, motion=0),
        ),
    )
    documents: Delivered = {
        "script": session.put(script),
        "cues": session.put(cues),
        "plan": session.put(plan),
        "observation": session.put(seen),
        "diagnosis_after": session.put(Diagnosis(tracks=())),
        "rendition": session.put(Rendition(takes=(), stems=())),
    }
    revision = session.commit(documents, "assembled")
    session.save(
        SessionRecord(
            generator=f"foley-designer {__version__}",
            stage=Stage.DONE,
            inputs=DesignInputs(clip_path=reel.path, clip_sha256=reel.clip.sha256),
            clip=clip,
            revision=revision,
            documents=documents,
            stems=_stems(made, scenes),
            mix=_mix(session, made, settings),
            notes=tuple(notes),
        )
    )


def _event(group: Group, members: Sequence[Sounding], clip: Clip) -> SoundEvent:
    """A predub as one event: hits and spans of its members on the reel's time."""
    hits: list[Hit] = []
    spans: list[Span] = []
    for one in members:
        own_hits, own_spans = on_reel(one, clip)
        hits += own_hits
        spans += own_spans
    around = all(one.event.source.kind is SourceKind.AROUND for one in members)
    kind = majority(members)
    lead = next(one.event for one in members if one.event.subcategory is kind)
    layers = [one.event.layer for one in members]
    labels = dict.fromkeys(one.event.label for one in members)
    return SoundEvent(
        id=group.key,
        label=group.name[:80],
        description=f"{group.name}: {', '.join(labels)}."[:500],
        subcategory=kind,
        layer=Layer.FOREGROUND if Layer.FOREGROUND in layers else Layer.BACKGROUND,
        hits=tuple(sorted(hits, key=lambda hit: hit.time_s)),
        spans=_joined(spans, clip) or (() if hits else (_whole(members, clip),)),
        source=Source(kind=SourceKind.AROUND if around else SourceKind.POINT),
        performance=Performance(variant=lead.performance.variant),
        confidence=min(one.event.confidence for one in members),
    )


def on_reel(one: Sounding, clip: Clip) -> tuple[list[Hit], list[Span]]:
    """An event's hits and spans on the reel's time, those outside its picture left out."""
    rate, scene_frame = float(clip.rate), one.scene.clip.frame_s
    first_s, last_s = one.piece.first * scene_frame, one.piece.last * scene_frame
    by_s = one.piece.at / rate - first_s
    hits = [
        hit.model_copy(update={"time_s": max(0.0, round(hit.time_s + by_s, 6)), "moment_id": None})
        for hit in one.event.hits
        if first_s - 1e-6 <= hit.time_s < last_s - 1e-6
    ]
    spans = []
    for span in one.event.spans:
        start, end = max(span.start_s, first_s), min(span.end_s, last_s)
        if end - start > _STEP_S:
            moved = {"start_s": max(0.0, round(start + by_s, 6)), "end_s": round(end + by_s, 6)}
            spans.append(span.model_copy(update=moved))
    return hits, spans


def _joined(spans: Sequence[Span], clip: Clip) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start_s):
        end_s = min(span.end_s, clip.duration_s)
        if found and span.start_s <= found[-1].end_s + _STEP_S:
            end_s = max(end_s, found[-1].end_s)
            found[-1] = found[-1].model_copy(update={"end_s": end_s})
        elif end_s > span.start_s:
            found.append(span.model_copy(update={"end_s": end_s}))
    return tuple(found)


def _whole(members: Sequence[Sounding], clip: Clip) -> Span:
    """Where no hit and no span is left inside the picture: the first piece, which rings."""
    piece = members[0].piece
    rate = float(clip.rate)
    return Span(start_s=piece.at / rate, end_s=piece.end / rate)


def _trajectory(event: SoundEvent, members: Sequence[Sounding], clip: Clip) -> Trajectory:
    """Where a predub is: at the event of it that sounds, else where the last one was."""
    count = clip.frame_count
    azimuth, distance = np.zeros(count), np.full(count, 3.0)
    active = np.zeros(count, bool)
    for one in members:
        path = one.cues.of(one.event.id)
        piece = one.piece
        here = slice(piece.at, min(piece.end, count))
        own = slice(piece.first, piece.first + here.stop - here.start)
        length = min(len(path.azimuth_deg[own]), here.stop - here.start)
        here = slice(here.start, here.start + length)
        side = -1.0 if piece.flipped else 1.0
        sounds = np.array(path.active[own], bool)[:length]
        fresh = sounds | ~active[here]
        azimuth[here][fresh] = side * np.array(path.azimuth_deg[own])[:length][fresh]
        distance[here][fresh] = np.array(path.distance_m[own])[:length][fresh]
        active[here] |= sounds
    around = event.source.kind is SourceKind.AROUND
    return Trajectory(
        event_id=event.id,
        rate=clip.rate,
        azimuth_deg=tuple(azimuth.tolist()),
        distance_m=tuple(distance.tolist()),
        active=tuple(active.tolist()),
        extent_deg=360.0 if around else 0.0,
    )


def _settings(reel: Reel, scenes: dict[str, SceneSound], bible: Bible) -> tuple[Setting, ...]:
    rate = float(reel.clip.rate)
    places = list(bible.places)
    found = []
    for number, piece in enumerate(runs(reel.pieces), start=1):
        one = scenes.get(piece.scene)
        if one is None:
            continue
        known = bible.places.get(one.scene.place)
        found.append(
            Setting(
                scene=f"s{number}",
                title=one.scene.title,
                start_s=piece.at / rate,
                end_s=piece.end / rate,
                place=places.index(one.scene.place) + 1 if known else 1,
                space=known.space if known else Space.UNKNOWN,
                tone=one.script.tone,
            )
        )
    return tuple(found)


def _stems(made: Assembled, scenes: dict[str, SceneSound]) -> tuple[StemRecord, ...]:
    found = []
    for number, (group, members) in enumerate(made.groups.items(), start=1):
        engines: set[str] = set()
        credits_: list[str] = []
        for one in members:
            stems = scenes[one.scene.id].record.stems
            stem = next(s for s in stems if s.event_id == one.event.id)
            engines.add(stem.engine)
            credits_ += stem.credits
        found.append(
            StemRecord(
                event_id=group.key,
                file=predub_file(number, group),
                sha256=made.predubs[group].sha256,
                gain_db=made.predubs[group].gain_db,
                engine=", ".join(sorted(engines)),
                credits=tuple(dict.fromkeys(credits_)),
            )
        )
    return tuple(found)


def _mix(session: Session, made: Assembled, settings: Settings) -> MixRecord:
    paths = [Path("mix_stereo.wav"), Path("mix_5_1.wav")]
    return MixRecord(
        target=settings.target,
        master_gain_db=made.gain_db,
        stereo=made.stereo,
        surround=made.surround,
        files={path.name: file_hash(session.root / path) for path in paths},
    )
