"""The endpoint, a few cards and a brief."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from chat_endpoint import Endpoint, answering

from foley_designer.agents.team import assemble
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
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import Knowledge, load


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with answering() as server:
        yield server


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    ids = {"footsteps-gravel", "footsteps-boots", "ambience-field", "vehicle-train"}
    return Knowledge(tuple(card for card in load().cards if card.id in ids))


@pytest.fixture(scope="module")
def brief() -> Brief:
    clip = Clip(
        name="a.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=Fraction(25),
        duration_s=3.0,
        frame_count=75,
    )
    sighting = Sighting(
        time_s=0, box=Box(x=0.4, y=0.5, width=0.2, height=0.6), distance_m=4, speed=0.1
    )
    walker = Track(
        id="t1",
        kind=MotionKind.WALKING,
        confidence=0.9,
        sightings=tuple(sighting.model_copy(update={"time_s": i / 25}) for i in range(75)),
    )
    moments = tuple(
        Moment(
            id=f"m{i}",
            time_s=0.5 + 0.5 * i,
            kind=MomentKind.STEP,
            confidence=0.9,
            strength=0.7,
            track_id="t1",
            x=0.4,
            y=0.8,
        )
        for i in range(3)
    )
    shot = Shot(
        index=0,
        start_s=0,
        end_s=3,
        brightness=0.5,
        saturation=0.3,
        motion=0.1,
        keyframes=("k0.png",),
    )
    return Brief(
        observation=Observation(
            clip=clip,
            field_of_view_deg=54,
            shots=(shot,),
            tracks=(walker,),
            moments=moments,
            activity=(0.05,) * 75,
        ),
        scene=ScriptScene(
            heading="EXT. PATH - DAY",
            interior=False,
            place="PATH",
            elements=(
                Element(kind=ElementKind.ACTION, text="A man in boots walks on gravel.", line=2),
            ),
        ),
    )


@pytest.fixture(scope="module")
def ruled_text(knowledge: Knowledge, brief: Brief) -> StructuredText:
    """What a failing model falls back to."""
    return assemble(Settings(llm_model=None), knowledge).scribe.propose(brief, None, ())
