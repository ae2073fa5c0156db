"""Tracks, scripts and diagnoses for tests of mixing by rules."""

from fractions import Fraction

from foley_designer.agents.dynamics.rules import RulesDynamics
from foley_designer.agents.eq.rules import RulesEq
from foley_designer.agents.interfaces import Specialist
from foley_designer.agents.mix_planner.levels import loudness_of
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.agents.reconcile import reconcile
from foley_designer.agents.reverb.rules import RulesReverb
from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.core.space import Space
from foley_designer.memory.knowledge_base import Knowledge, load

SECONDS = 3.0
CLIP = Clip(
    name="a.mp4",
    sha256="0" * 64,
    width=640,
    height=360,
    rate=Fraction(25),
    duration_s=SECONDS,
    frame_count=75,
)
FLAT = (-30.0, -30.0, -12.0, -6.0, 0.0, 0.0, -6.0, -12.0, -20.0, -30.0)
KNOWLEDGE = load()


def event(
    kind: Subcategory, name: str, layer: Layer = Layer.FOREGROUND, **more: object
) -> SoundEvent:
    hits = is_impulsive(kind)
    values: dict[str, object] = {
        "id": name,
        "label": name,
        "description": name,
        "subcategory": kind,
        "layer": layer,
        "hits": (Hit(time_s=0.5), Hit(time_s=1.5)) if hits else (),
        "spans": () if hits else (Span(start_s=0, end_s=SECONDS),),
        "source": Source(kind=SourceKind.POINT, distance_m=3.0),
    }
    return SoundEvent.model_validate(values | more)


STEPS = event(Subcategory.HUMAN_STEPS, "steps", cards=("footsteps-gravel",))
CLOTH = event(Subcategory.CLOTH, "cloth")
BED = event(Subcategory.AMBIENCE, "bed", Layer.BACKGROUND, source=Source(kind=SourceKind.AROUND))
RAIN = event(Subcategory.RAIN, "rain", Layer.BACKGROUND, source=Source(kind=SourceKind.AROUND))


def features(name: str, **more: object) -> TrackFeatures:
    values: dict[str, object] = {
        "event_id": name,
        "centroid_hz": 1000,
        "band_db": FLAT,
        "integrated_lufs": -30.0,
        "true_peak_dbtp": -10.0,
        "crest_db": 20.0,
        "correlation": 0.5,
    }
    return TrackFeatures.model_validate(values | more)


def script(*events: SoundEvent, space: Space = Space.WORKSHOP) -> FoleyScript:
    return FoleyScript(clip=CLIP, space=space, events=events)


def diagnosis(
    *tracks: TrackFeatures, masking: dict[str, dict[str, float]] | None = None
) -> Diagnosis:
    return Diagnosis(tracks=tracks, masking=masking or {})


def plan_of(scene: FoleyScript, found: Diagnosis, knowledge: Knowledge = KNOWLEDGE) -> MixPlan:
    return RulesMixPlanner(knowledge).plan(scene, found)


def in_mix(plan: MixPlan, found: Diagnosis, name: str) -> float:
    """Loudness of a track behind its fader, LUFS."""
    loudness = loudness_of(found.of(name))
    assert loudness is not None
    return loudness + plan.of(name).gain_db


def specialists() -> tuple[Specialist, ...]:
    return RulesReverb(), RulesEq(KNOWLEDGE), RulesDynamics()


def conferred(scene: FoleyScript, found: Diagnosis, plan: MixPlan) -> MixPlan:
    """The plan after two rounds of proposals."""
    first = [one.propose(scene, found, plan, ()) for one in specialists()]
    second = [
        one.propose(scene, found, plan, tuple(p for p in first if p.operation != one.operation))
        for one in specialists()
    ]
    return reconcile(plan, second)


def mended(found: Diagnosis, *events: SoundEvent, space: Space = Space.WORKSHOP) -> MixPlan:
    """The plan of planner and specialists."""
    scene = script(*events, space=space)
    plan = plan_of(scene, found)
    return reconcile(plan, [one.propose(scene, found, plan, ()) for one in specialists()])
