"""What each agent is asked and answers. A graph does not know which reasoner it runs."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.mix.processing import Declip, Dereverb, Dynamics, EqBand, Futz, Reverb
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.screenplay import Screenplay
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.space import Space


class Flaw(StrEnum):
    """What the validator or the scorer can object to."""

    MISSED_MOMENT = "missed_moment"
    EMPTY_STRETCH = "empty_stretch"
    OUTSIDE_SHOT = "outside_shot"
    UNKNOWN_TRACK = "unknown_track"
    SCRIPT_SOUND_MISSING = "script_sound_missing"
    OVERLAPPING_LAYERS = "overlapping_layers"
    AMBIGUOUS_DESCRIPTION = "ambiguous_description"
    MASKING = "masking"
    MISSING_SURFACE = "missing_surface"
    NO_BACKGROUND = "no_background"
    WRONG_LAYER = "wrong_layer"
    WRONG_EMOTION = "wrong_emotion"
    INCOHERENT = "incoherent"


FUNDAMENTAL = frozenset({Flaw.WRONG_EMOTION, Flaw.INCOHERENT})
"""Flaws answered by regeneration; all others are correctable by refinement (section 3.1)."""


class Objection(Part):
    """One flaw, where it is, and in words that a model can act on."""

    flaw: Flaw
    text: str
    event_id: str | None = None
    moment_ids: tuple[str, ...] = ()
    time_s: float | None = None
    """When it is seen, where that was said."""
    scene: str | None = None
    """Id of the scene that it is about, in a film of several."""


class Scribe(Protocol):
    """FilmScribe's generator (Eq. 1)."""

    def propose(
        self, brief: Brief, previous: StructuredText | None, feedback: tuple[Objection, ...]
    ) -> StructuredText:
        """T(k+1) from V and the feedback on T(k); re-opens only what was objected to."""


class Validator(Protocol):
    """FilmScribe's validator (Eq. 1): agreement is an empty answer."""

    def review(self, brief: Brief, text: StructuredText) -> tuple[Objection, ...]:
        """What is missing from T, or in it without a ground in what was seen or written."""


class Score(Part):
    """w1·s_align + w2·s_layer + w3·s_emotion, with what lowered it."""

    align: float = Field(ge=0, le=1)
    layer: float = Field(ge=0, le=1)
    emotion: float = Field(ge=0, le=1)
    total: float = Field(ge=0, le=1)
    objections: tuple[Objection, ...] = ()


class Proposal(Part):
    """A child of a node of the search."""

    script: FoleyScript
    operator: str
    """What made it, such as ``refine:missing_surface`` or ``regenerate:tone``."""
    reason: str
    sibling: bool = False
    """Whether it was written anew beside the node that was expanded, rather than from it."""


class ScriptWriter(Protocol):
    """FoleyScriptWriter's expansion agent (Algorithm 1)."""

    def root(self, brief: Brief, text: StructuredText) -> FoleyScript:
        """The script of the root node n_0 = (V, T, F)."""

    def expand(
        self, brief: Brief, text: StructuredText, script: FoleyScript, score: Score, k: int
    ) -> tuple[Proposal, ...]:
        """At most k children, by refinement or regeneration as the score's objections ask."""


class Scorer(Protocol):
    """Score(S, V, F) of Algorithm 1."""

    def score(self, brief: Brief, text: StructuredText, script: FoleyScript) -> Score:
        """The weighted score; structural checks come before any model is asked."""

    def read(self, brief: Brief, text: StructuredText, scripts: Sequence[FoleyScript]) -> None:
        """Be told of siblings that will be scored, which may be cheaper at once."""


class MixPlanner(Protocol):
    """Decides per track which operations it needs, its fader, and why."""

    def plan(self, script: FoleyScript, diagnosis: Diagnosis) -> MixPlan:
        """Π with operations, gains and reasons; the specialists fill the parameters in."""


class TrackProposal(Part):
    """What one specialist wants for one track; only its own fields are set."""

    event_id: str
    dereverb: Dereverb | None = None
    reverb: Reverb | None = None
    futz: Futz | None = None
    eq: tuple[EqBand, ...] = ()
    declip: Declip | None = None
    dynamics: Dynamics | None = None
    gain_change_db: float = Field(default=0.0, ge=-24, le=24)
    reason: str


class SpecialistProposal(Part):
    """One specialist's proposal for all tracks that ask for its operation."""

    operation: Operation
    tracks: tuple[TrackProposal, ...] = ()


class Specialist(Protocol):
    """Reverberation, equalisation, dynamics (section 3.3); `agents.specialists` lists them."""

    operation: Operation

    def reason(self, event: SoundEvent, features: TrackFeatures, space: Space) -> str:
        """Why a track by itself needs the operation, empty if it doesn't."""

    def propose(
        self,
        script: FoleyScript,
        diagnosis: Diagnosis,
        plan: MixPlan,
        peers: tuple[SpecialistProposal, ...],
    ) -> SpecialistProposal:
        """Parameters inside the documented ranges; ``peers`` is empty in the first round."""


class Critic(Protocol):
    """Measures the mix again."""

    def review(
        self, script: FoleyScript, plan: MixPlan, before: Diagnosis, after: Diagnosis
    ) -> tuple[MixPlan, bool]:
        """The plan to keep, and whether one more round may better it."""


class Aligner(Protocol):
    """Gives the film's shots the words that tell them."""

    def align(
        self, observation: Observation, screenplay: Screenplay | None, description: str | None
    ) -> SceneMap | None:
        """The film's scenes with their words; None if all is one scene."""
