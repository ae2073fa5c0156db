"""Captions by a language model that is led through the steps of a chain of thought."""

import re

from pydantic import Field

from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.datasets.item import Item

PROMPT = "captioner/caption"
_SIDES = {"left": 1, "right": -1}
_NUMBER = re.compile(r"\d")


class CaptionReply(Reply):
    """The steps, then the sentence."""

    source: str = Field(max_length=300)
    """What sounds."""
    place: str = Field(max_length=300)
    """Where it starts."""
    movement: str = Field(max_length=300)
    """How it moves; none if it stays."""
    space: str = Field(max_length=300)
    """What the reverberation tells."""
    caption: str = Field(min_length=10, max_length=300)
    """One sentence with all of that."""


class ModelCaptioner:
    """Asks for one sentence an item.

    Args:
        client: asks the endpoint.
    """

    def __init__(self, client: ModelClient) -> None:
        self._client = client

    def caption(self, item: Item) -> str:
        """The model's sentence, held to what the annotation says of left and right.

        Raises:
            FoleyError: ``model_failed`` or ``budget_spent``.
        """
        return self._client.ask(
            PROMPT, CaptionReply, {"item": known(item)}, lambda reply: held(reply.caption, item)
        )


def known(item: Item) -> dict[str, object]:
    """What the model is told of an item."""
    told: dict[str, object] = {
        "sound": item.sound,
        "subcategory": item.subcategory.value,
        "all_around": not item.is_placed,
        "space": item.room.space.value,
        "wet_db": item.room.wet_db,
        "onsets": len(item.onsets_s),
    }
    if item.is_placed:
        told |= {
            "regions_deg": list(item.regions_deg),
            "zones": [zone.value for zone in item.zones],
            "motion": item.motion.value,
        }
    return told


def held(caption: str, item: Item) -> str:
    """The caption, if it names the sides that the item has, and no numbers.

    Raises:
        ReplyError: the model is told what is wrong.
    """
    if _NUMBER.search(caption):
        raise refuse(Problem.UNGROUNDED, "caption: no numbers, write words")
    words = set(re.findall(r"[a-z]+", caption.lower()))
    regions = item.regions_deg if item.is_placed else ()
    for side, sign in _SIDES.items():
        has = any(region * sign > 0 for region in regions)
        if has and side not in words:
            raise refuse(Problem.UNGROUNDED, f"caption: it must say {side}, see regions_deg")
        if side in words and not has and side not in item.sound:
            raise refuse(Problem.UNGROUNDED, f"caption: nothing is on the {side}, see regions_deg")
    return caption
