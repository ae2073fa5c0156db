"""A localizer that asks a seeing language model for boxes."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import cv2
from pydantic import Field

from foley_designer.agents.llm.client import MOST_IMAGES, ModelClient
from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.agents.llm.views import Picture
from foley_designer.core.script.observation import Box
from foley_designer.vision.models.localizer import Detection
from foley_designer.vision.video.decode import Image

PROMPT = "localizer/find"
WIDTH = 768
"""Pixels across of a picture that is sent."""
SMALLEST = 0.005
"""Share of the frame's side under which a box is none."""


class BoxReply(Reply):
    """One thing in one picture; edges are shares of the picture's width and height, 0 to 1."""

    picture: int
    """Number of the picture, from 1."""
    label: str
    """One of the names that were asked for."""
    left: float
    top: float
    right: float
    bottom: float
    score: Annotated[float, Field(ge=0, le=1)] = 0.7
    """How sure you are, 0 to 1."""


class FindReply(Reply):
    """All things that were found."""

    boxes: list[BoxReply] = Field(max_length=200)


class ModelLocalizer:
    """Boxes from a vision-capable model at the endpoint, a few pictures a question.

    Args:
        client: asks the endpoint.
    """

    def __init__(self, client: ModelClient) -> None:
        self._client = client
        self.name = f"{client.settings.model_of('localizer')[0]} (boxes)"

    def locate(
        self, images: Sequence[Image], names: Sequence[str]
    ) -> Sequence[Sequence[Detection]]:
        """What the model finds in each picture.

        Raises:
            FoleyError: as `ModelClient.ask` raises.
        """
        found: list[list[Detection]] = []
        for first in range(0, len(images), MOST_IMAGES):
            found += self._ask(images[first : first + MOST_IMAGES], names)
        return found

    def _ask(self, images: Sequence[Image], names: Sequence[str]) -> list[list[Detection]]:
        def convert(reply: FindReply) -> list[list[Detection]]:
            return _by_picture(reply, len(images), names)

        values = {"names": list(names), "pictures": len(images)}
        pictures = [
            Picture(_jpeg(image), f"Picture {number}:")
            for number, image in enumerate(images, start=1)
        ]
        return self._client.ask(PROMPT, FindReply, values, convert, pictures)


def _by_picture(reply: FindReply, count: int, names: Sequence[str]) -> list[list[Detection]]:
    """Detections a picture; names that weren't asked for and specks are passed over.

    Raises:
        ReplyError: a picture that isn't there, or edges that are no shares.
    """
    found: list[list[Detection]] = [[] for _ in range(count)]
    for box in reply.boxes:
        if not 1 <= box.picture <= count:
            raise refuse(Problem.WRONG_SHAPE, f"picture {box.picture}: there are 1 to {count}.")
        if max(box.left, box.top, box.right, box.bottom) > 1.5:
            raise refuse(
                Problem.WRONG_SHAPE,
                "edges are shares from 0 to 1: divide pixels by the picture's width and height.",
            )
        found[box.picture - 1] += _detections(box, names)
    return found


def _detections(reply: BoxReply, names: Sequence[str]) -> Iterator[Detection]:
    left, right = sorted(min(max(edge, 0.0), 1.0) for edge in (reply.left, reply.right))
    top, bottom = sorted(min(max(edge, 0.0), 1.0) for edge in (reply.top, reply.bottom))
    label = next((name for name in names if name.lower() == reply.label.lower()), None)
    if label is not None and min(right - left, bottom - top) >= SMALLEST:
        box = Box(
            x=(left + right) / 2, y=(top + bottom) / 2, width=right - left, height=bottom - top
        )
        yield Detection(label, box, reply.score)


def _jpeg(image: Image) -> bytes:
    scale = min(1.0, WIDTH / image.shape[1])
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 88])[1])
