"""Critic by a language model: small changes on top of what was measured."""

from pydantic import Field

from foley_designer.agents.critic.rules import moved
from foley_designer.agents.interfaces import Critic
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.tracks import LONGEST_REASON, TrackReply, by_event
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.foley_script import FoleyScript

PROMPT = "critic/review"
MOST_CHANGE_DB = 4.0


class TrackCritiqueReply(TrackReply):
    """A fader that should move."""

    gain_change_db: float = Field(ge=-MOST_CHANGE_DB, le=MOST_CHANGE_DB)


class CritiqueReply(Reply):
    """What is still wrong with the mix; empty if nothing is."""

    tracks: list[TrackCritiqueReply] = Field(max_length=100)


class ModelCritic(ModelAgent):
    """Asks after the rules have corrected what can be measured."""

    STEP = "critic"
    ASKED = "reviews of the mix"

    def __init__(self, rules: Critic, client: ModelClient, notebook: Notebook) -> None:
        super().__init__(client, notebook)
        self.rules = rules

    def review(
        self, script: FoleyScript, plan: MixPlan, before: Diagnosis, after: Diagnosis
    ) -> tuple[MixPlan, bool]:
        """The plan to keep, and whether one more round may better it."""
        kept, again = self.rules.review(script, plan, before, after)

        def convert(reply: CritiqueReply) -> tuple[MixPlan, bool]:
            told = by_event(reply.tracks, (event.id for event in script.events))
            tracks = tuple(
                moved(track, wish.gain_change_db, f"critic: {wish.reason[:LONGEST_REASON]}")
                if (wish := told.get(track.event_id)) and wish.gain_change_db
                else track
                for track in kept.tracks
            )
            return kept.model_copy(update={"tracks": tracks}), again

        values = {
            "story": views.story(script),
            "before": views.track_views(script, before, None),
            "after": views.track_views(script, after, kept),
        }
        self.client.attend(script, after)
        return self.try_model(
            lambda: self.client.ask(
                PROMPT,
                CritiqueReply,
                values,
                convert,
                (*views.mel(before, "the takes"), *views.mel(after, "the processed stems")),
                sounds=views.heard(script, after, "the processed stems"),
            ),
            lambda: (kept, again),
        )
