"""Which of two mixes is kept: by masked foreground and loudness order, through the real node."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from foley_designer.agents.critic.verdict import Mixed, faults
from foley_designer.core.clip import Clip
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import LoudnessTarget, MixPlan, TrackPlan
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.session.session import Session
from foley_designer.core.space import Space
from foley_designer.graph.nodes.critique import after_critique, critique

CLIP = Clip(
    name="a.mp4",
    sha256="0" * 64,
    width=640,
    height=360,
    rate=Fraction(25),
    duration_s=1.0,
    frame_count=25,
)
BOTH = {"label": "x", "description": "x", "source": Source(kind=SourceKind.POINT, distance_m=3.0)}
SCRIPT = FoleyScript(
    clip=CLIP,
    space=Space.STREET,
    events=(
        SoundEvent(
            id="steps",
            subcategory="human_steps",
            layer=Layer.FOREGROUND,
            hits=(Hit(time_s=0.5),),
            **BOTH,
        ),
        SoundEvent(
            id="rain",
            subcategory="rain",
            layer=Layer.BACKGROUND,
            spans=(Span(start_s=0, end_s=1),),
            **BOTH,
        ),
    ),
)


def heard(share: float, steps: float = -20.0, rain: float = -30.0) -> Diagnosis:
    tracks = tuple(
        TrackFeatures(
            event_id=name,
            centroid_hz=1000,
            band_db=(0.0,) * 10,
            integrated_lufs=lufs,
            true_peak_dbtp=lufs + 10,
            crest_db=20,
            correlation=0,
        )
        for name, lufs in (("steps", steps), ("rain", rain))
    )
    return Diagnosis(tracks=tracks, masking={"steps": {"rain": share}})


def plan(rain_db: float = 0.0) -> MixPlan:
    gains = {"steps": 0.0, "rain": rain_db}
    tracks = tuple(TrackPlan(event_id=key, gain_db=db) for key, db in gains.items())
    return MixPlan(target=LoudnessTarget.EBU_R128, space=Space.STREET, tracks=tracks)


def test_masking_and_order_are_shares_of_what_could_go_wrong() -> None:
    meant = Mixed(plan(), heard(0.0))
    assert faults(SCRIPT, Mixed(plan(), heard(0.4)), meant) == (0.4, 0.0)
    reversed_ = faults(SCRIPT, Mixed(plan(), heard(0.0, rain=-10.0)), meant)
    assert reversed_ == (0.0, 1.0)
    assert reversed_.total == 1.0
    louder = faults(SCRIPT, Mixed(plan(rain_db=15), heard(0.4)), meant)
    assert louder.disorder == 1.0
    assert louder.masked > 0.4
    alike = Mixed(plan(), heard(0.0, steps=-30.2))
    assert faults(SCRIPT, Mixed(plan(), heard(0.0, rain=-10.0)), alike).disorder == 0.0


@dataclass
class Bench:
    """A real session, a critic that wants one change, and stems that measure as told."""

    session: Session
    answers: list[Diagnosis]
    wanted: MixPlan
    reviews: list[MixPlan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session.create()
        self.tools: Any = SimpleNamespace(call=lambda *_: self.answers.pop(0))
        self.settings: Any = SimpleNamespace(uses_model=False, llm_vision=False)
        self.team: Any = SimpleNamespace(critic=SimpleNamespace(review=self._review))

    def _review(self, script: Any, plan: MixPlan, *_: Diagnosis) -> tuple[MixPlan, bool]:
        self.reviews.append(plan)
        return self.wanted, True

    def get(self, kind: Any, digest: str) -> Any:
        return self.session.get(kind, digest)

    def put(self, document: Any) -> str:
        return self.session.put(document)


def run(bench: Bench) -> tuple[dict[str, Any], int]:
    """Mix and critique until the mix is approved; the last state, and how often it was mixed."""
    still = {"azimuth_deg": (0.0,) * 25, "distance_m": (3.0,) * 25, "active": (True,) * 25}
    cues = Cues(
        trajectories=tuple(
            Trajectory(event_id=name, rate=CLIP.rate, **still) for name in ("steps", "rain")
        ),
    )
    state: dict[str, Any] = {
        "script": bench.put(SCRIPT),
        "plan": bench.put(plan()),
        "cues": bench.put(cues),
        "diagnosis": bench.put(heard(0.3)),
        "stems": {name: {"file": name, "gain_db": 0.0} for name in ("steps", "rain")},
        "mix_round": 0,
    }
    while not state.get("mix"):
        state |= {"mix": {"file": "mix"}, "mix_round": state["mix_round"] + 1}
        state |= critique(state, bench)
        if after_critique(state) == "approve_mix":
            break
    return state, state["mix_round"]


@pytest.mark.parametrize(
    ("second", "rounds", "kept_db"), [(0.2, 2, -2.0), (0.6, 2, -2.0), (0.7, 3, 0.0)]
)
def test_the_better_of_two_mixes_is_kept(
    tmp_path: Path, second: float, rounds: int, kept_db: float
) -> None:
    answers = [heard(0.6), heard(second), heard(0.6)]
    bench = Bench(Session(tmp_path), answers, plan(rain_db=-2.0))
    # shares are told as measured under the faders of each mix
    answers[1] = answers[1].model_copy(update={"faders_db": {"rain": -2.0}})
    state, mixes = run(bench)
    assert mixes == rounds
    assert bench.get(MixPlan, state["plan"]).of("rain").gain_db == kept_db
    assert len(bench.reviews) == 1
    assert bool(state.get("notes")) is (rounds == 3)
    assert not state["first_mix"]


def test_a_mix_without_objection_is_made_once(tmp_path: Path) -> None:
    bench = Bench(Session(tmp_path), [heard(0.1)], plan())
    state, mixes = run(bench)
    assert mixes == 1
    assert bench.get(MixPlan, state["plan"]) == plan()
