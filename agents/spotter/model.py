"""A spotter that shows strips of frames to a seeing language model."""

import functools
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import MOST_IMAGES
from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.spotting import Spot, Spotting, Verdict

PROMPT = "spotter/judge"
REACH_S = 0.5
"""How far from its moment a verdict may move it: a strip shows no more."""


class VerdictReply(Reply):
    """What is said of one moment."""

    moment: str
    """Id of the moment, as the strip's title says."""
    verdict: Literal["accept", "move", "reject"]
    time_s: float | None = None
    """For move: the time burnt into the picture in which it happens."""
    reason: str = ""
    """Why, in a few words."""


class SpotReply(Reply):
    """One verdict for each strip."""

    verdicts: list[VerdictReply] = Field(max_length=50)


class ModelSpotter(ModelAgent):
    """Asks a seeing model about a few moments at a time; what it leaves out stays open."""

    STEP = "spotter"

    def judge(self, brief: Brief, spotting: Spotting) -> Spotting:
        """The spotting with the model's verdicts.

        Args:
            brief: the clip's words.
            spotting: moments with their strips, named relative to the keyframes' folder.
        """
        waiting = [one for one in spotting.spots if one.strip and one.verdict is Verdict.OPEN]
        for first in range(0, len(waiting), MOST_IMAGES):
            part = waiting[first : first + MOST_IMAGES]
            known = self.try_model(functools.partial(self._ask, brief, part), _nothing)
            if not known:  # the model failed, and a note says so
                break
            spotting = spotting.with_verdicts(known)
        return spotting

    def _ask(self, brief: Brief, spots: Sequence[Spot]) -> Sequence[Spot]:
        shown = {spot.moment_id or "": spot for spot in spots}
        by = self.client.settings.model_of("spotter")[0]

        def convert(reply: SpotReply) -> Sequence[Spot]:
            said = [_spot(one, shown, by) for one in reply.verdicts]
            if not said:
                raise refuse(Problem.NOTHING, "give a verdict for each strip.")
            return said

        values = {
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "moments": [_view(spot, brief.observation) for spot in spots],
        }
        strips = [views.Picture(s.strip, f"Strip of {s.moment_id}:") for s in spots if s.strip]
        return self.client.ask(PROMPT, SpotReply, values, convert, strips)


def _nothing() -> Sequence[Spot]:
    """What is said where the model fails: the rules decide."""
    return ()


def _view(spot: Spot, observation: Observation) -> dict[str, object]:
    track = observation.track(spot.track_id)
    return {
        "moment": spot.moment_id,
        "time_s": round(spot.time_s, 3),
        "kind": spot.kind.value,
        "source": track.label or track.kind.value if track else None,
        "confidence": spot.confidence,
    }


def _spot(reply: VerdictReply, shown: Mapping[str, Spot], by: str) -> Spot:
    """A reply as a verdict.

    Raises:
        ReplyError: a moment that wasn't shown, or a time that its strip doesn't show.
    """
    spot = shown.get(reply.moment)
    if spot is None:
        raise refuse(Problem.UNKNOWN_MOMENT, f"{reply.moment[:40]!r}. Shown: {', '.join(shown)}.")
    verdict = Verdict(reply.verdict)
    to_s = reply.time_s if verdict is Verdict.MOVE else None
    if verdict is Verdict.MOVE and (to_s is None or abs(to_s - spot.time_s) > REACH_S):
        raise refuse(
            Problem.NO_TIMES,
            f"{reply.moment}: move needs time_s, one of the times burnt into its strip.",
        )
    update = {"verdict": verdict, "to_s": to_s, "reason": reply.reason[:300], "by": by[:80]}
    return spot.model_copy(update=update)
