"""A small finished session, drawn and synthesised here, for tests of what reads sessions."""

from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
from sample_documents import DURATION_S, diagnosis, observation, plan, search, take

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE, Clip
from foley_designer.core.files import file_hash
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LoudnessTarget
from foley_designer.core.mix.rendition import KeptStem, Rendition
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.setting import Tone
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import (
    DesignInputs,
    MixRecord,
    SessionRecord,
    Stage,
    StemRecord,
)
from foley_designer.core.space import Space
from foley_designer.export.audio.wav import write_wav
from foley_designer.export.report.report import ReportMaterial


def sample_session(
    root: Path, rate: Fraction = Fraction(25), timecode: str | None = "01:00:00:00"
) -> ReportMaterial:
    """Write stems, mixes and keyframes into ``root`` and return the documents."""
    clip = Clip(
        name="yard_<b>&.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=rate,
        duration_s=DURATION_S,
        frame_count=round(DURATION_S * rate),
        timecode=timecode,
    )
    script = FoleyScript(
        clip=clip,
        summary="A man crosses a gravel yard, hammers a steel bar and slams the workshop door.",
        space=Space.WORKSHOP,
        tone=Tone(valence=-0.2, arousal=0.6, words=("tense",)),
        events=_events(),
    )
    cues = Cues(trajectories=tuple(_trajectory(event, clip) for event in script.events))
    stems = tuple(_stem(root, number, event) for number, event in enumerate(script.events, 1))
    mix = _mix(root, stems)
    return ReportMaterial(
        record=_record(script, stems, mix),
        observation=observation(root, clip),
        text=StructuredText(
            summary=script.summary,
            shots=("A man walks from the left edge to an anvil.", "He hammers; a door slams."),
            space=script.space,
            outdoors=False,
            tone=script.tone,
            events=script.events,
            open_points=("What the man carries could not be told from the picture.",),
        ),
        search=search(),
        script=script,
        cues=cues,
        plan=plan(script),
        session=root,
        keyframes=root / "keyframes",
        takes=tuple(take(event) for event in script.events),
        diagnosis=diagnosis(script, 0.0),
        diagnosis_after=diagnosis(script, 0.15),
    )


def _events() -> tuple[SoundEvent, ...]:
    walker = Source(kind=SourceKind.TRACK, track_id="t1")
    return (
        SoundEvent(
            id="e1_steps",
            label="boots on gravel",
            description="Heavy work boots walk over coarse gravel.",
            subcategory=Subcategory.HUMAN_STEPS,
            layer=Layer.FOREGROUND,
            hits=tuple(Hit(time_s=0.4 + 0.52 * i, strength=0.5 + 0.05 * i) for i in range(6)),
            source=walker,
            performance=Performance(variant="boots", surface="gravel"),
            reason="The walker's feet meet the ground in a steady rhythm.",
        ),
        SoundEvent(
            id="e2_hammer",
            label="hammer on steel",
            description="=A hammer strikes a steel bar on an anvil.",
            subcategory=Subcategory.METAL_IMPACT,
            layer=Layer.FOREGROUND,
            hits=(
                Hit(time_s=4.2, strength=0.9),
                Hit(time_s=4.9, strength=0.8),
                Hit(time_s=5.6, strength=0.4, confidence=0.3),
            ),
            source=Source(kind=SourceKind.POINT, azimuth_deg=-15, distance_m=2.5),
            performance=Performance(material="steel", force=0.9),
            reason="Three strikes are visible; the third is half hidden.",
        ),
        SoundEvent(
            id="e3_door",
            label="workshop door",
            description="A wooden door slams off screen.",
            subcategory=Subcategory.DOOR,
            layer=Layer.FOREGROUND,
            hits=(Hit(time_s=6.8, strength=1.0),),
            source=Source(kind=SourceKind.POINT, azimuth_deg=120, distance_m=6, on_screen=False),
            confidence=0.4,
            reason="The screenplay names it.",
        ),
        SoundEvent(
            id="e4_cloth",
            label="jacket",
            description="A heavy jacket moves with the walker.",
            subcategory=Subcategory.CLOTH,
            layer=Layer.BACKGROUND,
            spans=(
                Span(start_s=0.2, end_s=3.4, intensity=0.5),
                Span(start_s=6.2, end_s=7.0, intensity=0.8),
            ),
            source=walker,
        ),
        SoundEvent(
            id="e5_room",
            label="workshop air",
            description="Quiet workshop tone with a far fan.",
            subcategory=Subcategory.AMBIENCE,
            layer=Layer.BACKGROUND,
            spans=(Span(start_s=0, end_s=DURATION_S, intensity=0.3),),
            source=Source(kind=SourceKind.AROUND),
            performance=Performance(variant="room"),
        ),
    )


def _trajectory(event: SoundEvent, clip: Clip) -> Trajectory:
    times = np.arange(clip.frame_count) * clip.frame_s
    moving = event.source.kind is SourceKind.TRACK
    azimuth = 30 - 12 * np.minimum(times, 4) if moving else 0 * times + event.source.azimuth_deg
    distance = (
        6 - 0.7 * np.minimum(times, 4) if moving else 0 * times + (event.source.distance_m or 3.0)
    )
    active = [
        any(abs(t - hit.time_s) < 0.2 for hit in event.hits)
        or any(span.start_s <= t < span.end_s for span in event.spans)
        for t in times
    ]
    return Trajectory(
        event_id=event.id,
        rate=clip.rate,
        azimuth_deg=tuple(float(a) for a in azimuth),
        distance_m=tuple(float(d) for d in distance),
        active=tuple(active),
        extent_deg=360 if event.source.kind is SourceKind.AROUND else 0,
    )


@cache
def _sound(number: int, event: SoundEvent) -> np.ndarray:
    """Decaying bursts at the hits, noise over the spans: stereo."""
    generator = np.random.default_rng(number)
    count = round(DURATION_S * SAMPLE_RATE)
    sound = np.zeros((2, count))
    length = SAMPLE_RATE // 2
    decay = np.exp(-np.arange(length) / (0.06 * SAMPLE_RATE))
    tone = np.sin(2 * np.pi * 400 * number * np.arange(length) / SAMPLE_RATE)
    for hit in event.hits:
        start = round(hit.time_s * SAMPLE_RATE)
        burst = decay * (0.6 * tone + 0.4 * generator.standard_normal(length)) * hit.strength
        sound[:, start : start + length] += 0.2 * burst[: count - start]
    for span in event.spans:
        start, end = (round(t * SAMPLE_RATE) for t in (span.start_s, span.end_s))
        noise = np.cumsum(generator.standard_normal((2, end - start)), axis=1)
        noise -= np.linspace(noise[:, 0], noise[:, -1], end - start).T
        sound[:, start:end] += 0.03 * span.intensity * noise / np.abs(noise).max()
    return sound.astype(np.float32)


def _stem(root: Path, number: int, event: SoundEvent) -> StemRecord:
    file = f"stems/{number:02}_{event.ucs_id}_{event.id[3:]}.wav"
    write_wav(root / file, _sound(number, event))
    credits = ("“Gravel walk” by A. Recordist, CC BY 4.0",) if number == 1 else ()
    return StemRecord(
        event_id=event.id,
        file=file,
        sha256=file_hash(root / file),
        gain_db=-2.0 * number,
        engine="synth 1",
        credits=credits,
    )


def _mix(root: Path, stems: tuple[StemRecord, ...]) -> MixRecord:
    events = _events()
    stereo = sum(
        _sound(number, event) * np.float32(10 ** (stem.gain_db / 20))
        for number, (event, stem) in enumerate(zip(events, stems, strict=True), 1)
    )
    write_wav(root / "mix_stereo.wav", stereo)
    half = np.float32(0.5) * stereo
    surround = np.stack([half[0], half[1], half.mean(0), 0.1 * half.mean(0), *(0.3 * half)])
    write_wav(root / "mix_5_1.wav", surround)
    loudness = MixLoudness(
        integrated_lufs=-23.1,
        short_term_max_lufs=-20.4,
        momentary_max_lufs=-17.2,
        range_lu=6.5,
        true_peak_dbtp=-4.2,
        short_term_lufs=(None, None, -27.0, -25.0, -23.5, -20.4, -22.0, -24.0),
    )
    return MixRecord(
        target=LoudnessTarget.EBU_R128,
        master_gain_db=1.5,
        stereo=loudness,
        surround=loudness.model_copy(update={"integrated_lufs": -23.4}),
        files={name: file_hash(root / name) for name in ("mix_stereo.wav", "mix_5_1.wav")},
    )


def _record(script: FoleyScript, stems: tuple[StemRecord, ...], mix: MixRecord) -> SessionRecord:
    return SessionRecord(
        generator="foley-designer test",
        stage=Stage.DONE,
        inputs=DesignInputs(clip_path="yard.mp4", clip_sha256="0" * 64),
        clip=script.clip,
        parts={"reasoning": "rules", "depth": "ground-plane 1", "sound": "synth 1"},
        provenance={"knowledge": "ab12"},
        stems=stems,
        mix=mix,
        notes=(
            Note(kind=NoteKind.FALLBACK, step="see", text="No depth model: ground plane."),
            Note(
                kind=NoteKind.ADVICE,
                step="sound",
                text="A library of doors would make <this> better.",
                event_id="e3_door",
            ),
        ),
    )


def finished_session(
    root: Path, rate: Fraction = Fraction(25), timecode: str | None = "01:00:00:00"
) -> ReportMaterial:
    """A sample session with its record and documents stored, as a design leaves them."""
    material = sample_session(root, rate, timecode)
    session = Session(root)
    session.create()
    assert material.diagnosis_after is not None
    documents = {
        "observation": session.put(material.observation),
        "diagnosis_after": session.put(material.diagnosis_after),
        "script": session.put(material.script),
        "cues": session.put(material.cues),
        "plan": session.put(material.plan),
        "rendition": session.put(
            Rendition(
                takes=material.takes,
                stems=tuple(
                    KeptStem(
                        event_id=stem.event_id, file=f"{stem.sha256}.wav", gain_db=stem.gain_db
                    )
                    for stem in material.record.stems
                ),
            )
        ),
    }
    revision = session.commit(documents, "design")
    session.save(material.record.model_copy(update={"documents": documents, "revision": revision}))
    return material
