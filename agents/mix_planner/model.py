"""Mixing planner by a language model: levels and operations are its own, faders are computed."""

from pydantic import Field

from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.tracks import LONGEST_REASON, TrackReply, by_event
from foley_designer.agents.mix_planner.levels import (
    HIGHEST_LU,
    LOWEST_LU,
    audible,
    card_of,
    dialogue_lufs,
    fader,
)
from foley_designer.agents.mix_planner.repairs import repairs
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan, Operation, TrackPlan
from foley_designer.core.script.foley_script import FoleyScript

PROMPT = "mix_planner/plan"


class TrackPlanReply(TrackReply):
    """One track's place in the mix."""

    level_lu: float = Field(ge=LOWEST_LU, le=HIGHEST_LU)
    """Loudness against dialogue, LU."""
    semantic: str = ""
    """f_sem in words: what the take is heard as, and whether that is the event."""
    spectral: str = ""
    """f_spec in words: where its energy lies, and what of it is wrong."""
    operations: list[Operation] = Field(max_length=3)


class PlanReply(Reply):
    """Π as a model fills it in."""

    tracks: list[TrackPlanReply] = Field(max_length=100)


class ModelMixPlanner(ModelAgent):
    """Asks for a level and operations a track; a track left out is planned by the rules."""

    STEP = "mix_planner"
    ASKED = "plans"

    def __init__(self, rules: RulesMixPlanner, client: ModelClient, notebook: Notebook) -> None:
        super().__init__(client, notebook)
        self.rules = rules

    def plan(self, script: FoleyScript, diagnosis: Diagnosis) -> MixPlan:
        """Π with operations, gains and reasons; the specialists fill the parameters in."""
        ruled = self.rules.plan(script, diagnosis)

        def convert(reply: PlanReply) -> MixPlan:
            told = by_event(reply.tracks, (event.id for event in script.events))
            tracks = [
                self._track(script, diagnosis, track, told.get(track.event_id))
                for track in ruled.tracks
            ]
            return ruled.model_copy(update={"tracks": tuple(audible(script, diagnosis, tracks))})

        values = {
            "space": script.space.value,
            "story": views.story(script),
            "dialogue_lufs": dialogue_lufs(self.rules.target),
            "tracks": views.track_views(script, diagnosis, None),
            "practice": self._practice(script),
        }
        self.client.attend(script, diagnosis)
        return self.try_model(
            lambda: self.client.ask(
                PROMPT,
                PlanReply,
                values,
                convert,
                views.mel(diagnosis, "the takes"),
                sounds=views.heard(script, diagnosis, "the takes"),
            ),
            lambda: ruled,
        )

    def _track(
        self,
        script: FoleyScript,
        diagnosis: Diagnosis,
        ruled: TrackPlan,
        told: TrackPlanReply | None,
    ) -> TrackPlan:
        """One track at the level that was asked for."""
        if told is None:
            reasons = (*ruled.reasons, "planned by the rules: the model left it out")
            return ruled.model_copy(update={"reasons": reasons})
        event, features = script.event(told.event), diagnosis.of(told.event)
        wanted = {*told.operations, *repairs(event, features, script.space_of(event))}
        return TrackPlan(
            event_id=event.id,
            operations=tuple(op for op in Operation if op in wanted),
            gain_db=fader(told.level_lu, event, features, self.rules.target),
            reasons=(
                f"level: {told.level_lu:+.1f} LU",
                told.reason[:LONGEST_REASON],
                *_diagnosed(told),
            ),
        )

    def _practice(self, script: FoleyScript) -> list[views.View]:
        """Levels of the cards that the events stand on."""
        cards = {
            card.id: {"card": card.id, "layer": card.layer.value, "level_lu": card.level_lu}
            for event in script.events
            if (card := card_of(event, self.rules.knowledge))
        }
        return [cards[card_id] for card_id in sorted(cards)]


def _diagnosed(told: TrackPlanReply) -> tuple[str, ...]:
    """The model's diagnosis, for the specialists and the report."""
    words = (("f_sem", told.semantic), ("f_spec", told.spectral))
    return tuple(f"{name}: {text[:LONGEST_REASON]}" for name, text in words if text)
