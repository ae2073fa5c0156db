"""``look``: a strip of the film that a model asks for itself, to find the instant of a contact."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, Field

from foley_designer.agents.llm.eyes import Eyes

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

NAME = "look"
_Share = Annotated[float, Field(ge=0, le=1)]
_FASTEST = 120.0


class LookInput(BaseModel):
    """Which stretch, how finely, and what part of the picture."""

    from_s: float = Field(ge=0)
    to_s: float = Field(ge=0)
    fps: float = Field(default=12.0, gt=0, le=_FASTEST, description="Pictures a second.")
    region: tuple[_Share, _Share, _Share, _Share] = Field(
        default=(0.0, 0.0, 1.0, 1.0),
        description="x, y, width, height as shares of the picture: a part is shown larger.",
    )


class Looked(NamedTuple):
    """What was looked at, as a JPEG file."""

    jpeg: bytes


def look_tool(eyes: Eyes) -> "StructuredTool":
    """The tool for one clip; no path reaches the model."""
    from langchain_core.tools import StructuredTool, ToolException  # noqa: PLC0415 - heavy

    def look(
        from_s: float, to_s: float, fps: float, region: tuple[float, float, float, float]
    ) -> tuple[str, Looked]:
        x, y, wide, high = region
        if to_s < from_s or wide <= 0 or high <= 0 or x + wide > 1.001 or y + high > 1.001:
            raise ToolException("from_s comes before to_s, and region lies inside the picture.")
        times, jpeg = eyes.look(from_s, to_s, fps, region)
        listed = ", ".join(f"{time_s:.3f}" for time_s in times)
        return f"The picture shows {listed} s.", Looked(jpeg)

    return StructuredTool(
        name=NAME,
        description=(
            "See a strip of pictures from from_s to to_s, with times burnt in, whole or zoomed "
            "into a region: to tell in which picture a thing first touches. At most 24 pictures."
        ),
        args_schema=LookInput,
        func=look,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=True,
    )
