"""Small observations that are built by hand, and the rules reasoners over the embedded cards."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from foley_designer.agents.scorer.rules import RulesScorer
from foley_designer.agents.scribe.rules import RulesScribe
from foley_designer.agents.script_writer.rules import RulesScriptWriter
from foley_designer.agents.validator.rules import RulesValidator
from foley_designer.core.clip import Clip
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import (
    Box,
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    Shot,
    Sighting,
    Track,
)
from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene
from foley_designer.memory.knowledge_base import Knowledge, load
from foley_designer.screenplay.heading import scene_from

RATE = 25
DURATION_S = 6.0


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="session")
def scribe(knowledge: Knowledge) -> RulesScribe:
    return RulesScribe(knowledge)


@pytest.fixture(scope="session")
def validator(knowledge: Knowledge) -> RulesValidator:
    return RulesValidator(knowledge)


@pytest.fixture(scope="session")
def writer(knowledge: Knowledge) -> RulesScriptWriter:
    return RulesScriptWriter(knowledge)


@pytest.fixture(scope="session")
def scorer(knowledge: Knowledge) -> RulesScorer:
    return RulesScorer(knowledge, (0.5, 0.3, 0.2))


@pytest.fixture(scope="session")
def track() -> Callable[..., Track]:
    """A track that moves across the frame between two times."""

    def build(
        name: str,
        kind: MotionKind,
        start_s: float = 0.0,
        end_s: float = DURATION_S,
        *,
        x: float = 0.5,
        label: str | None = None,
    ) -> Track:
        times = [start_s + i / RATE for i in range(int((end_s - start_s) * RATE))]
        sightings = tuple(
            Sighting(
                time_s=time_s,
                box=Box(x=x, y=0.5, width=0.2, height=0.5),
                distance_m=4.0,
                speed=0.2,
            )
            for time_s in times
        )
        return Track(id=name, kind=kind, label=label, confidence=0.9, sightings=sightings)

    return build


@pytest.fixture(scope="session")
def moments() -> Callable[..., tuple[Moment, ...]]:
    """Moments of one kind on one track."""

    def build(
        kind: MomentKind,
        times: list[float],
        track_id: str | None = "t1",
        *,
        confidence: float = 0.9,
        x: float = 0.5,
    ) -> tuple[Moment, ...]:
        return tuple(
            Moment(
                id=f"{track_id}_{kind.value}_{round(1000 * time_s)}",
                time_s=time_s,
                kind=kind,
                confidence=confidence,
                strength=0.7,
                track_id=track_id,
                x=x,
                y=0.5,
            )
            for time_s in times
        )

    return build


@pytest.fixture(scope="session")
def observe() -> Callable[..., Observation]:
    """An observation of one shot."""

    def build(
        tracks: tuple[Track, ...] = (),
        moments: tuple[Moment, ...] = (),
        *,
        activity: tuple[float, ...] | None = None,
        brightness: float = 0.4,
    ) -> Observation:
        frames = int(DURATION_S * RATE)
        clip = Clip(
            name="a.mp4",
            sha256="0" * 64,
            width=64,
            height=36,
            rate=Fraction(RATE),
            duration_s=DURATION_S,
            frame_count=frames,
        )
        shot = Shot(
            index=0,
            start_s=0,
            end_s=DURATION_S,
            brightness=brightness,
            saturation=0.3,
            motion=0.1,
        )
        return Observation(
            clip=clip,
            field_of_view_deg=54,
            shots=(shot,),
            tracks=tracks,
            moments=tuple(sorted(moments, key=lambda moment: moment.time_s)),
            activity=(0.1,) * frames if activity is None else activity,
        )

    return build


@pytest.fixture(scope="session")
def walk(track, moments, observe) -> Observation:
    """A walker with ten steps."""
    steps = moments(MomentKind.STEP, [0.5 + 0.55 * i for i in range(10)])
    return observe((track("t1", MotionKind.WALKING),), steps)


@pytest.fixture(scope="session")
def strikes(track, moments, observe) -> Observation:
    """A striker with eight blows."""
    blows = moments(MomentKind.CONTACT, [0.4 + 0.7 * i for i in range(8)])
    return observe((track("t1", MotionKind.STRIKING),), blows)


@pytest.fixture(scope="session")
def scene() -> Callable[..., ScriptScene]:
    """A scene with a heading and one action element a text."""

    def build(heading: str, *texts: str) -> ScriptScene:
        elements = tuple(
            Element(kind=ElementKind.ACTION, text=text, line=line)
            for line, text in enumerate(texts, 3)
        )
        return scene_from(heading, 1).model_copy(update={"elements": elements})

    return build


@pytest.fixture(scope="session")
def told() -> Callable[[Observation, str], Brief]:
    """A brief of an observation and a description."""
    return lambda observation, text: Brief(observation=observation, description=text)
