"""Better parts asked through the tools, as the graph does."""

from pathlib import Path
from typing import Any

from foley_designer.core.script.observation import Observation
from foley_designer.tools import arrays
from foley_designer.tools.context import ToolContext
from foley_designer.tools.depth import DepthInput, depth
from foley_designer.tools.inspect import InspectInput, inspect


def looked_closer(clip: Path, seen: Observation, **chosen: Any) -> Observation:
    """What is seen once detector, pose model and depth model have looked; files beside the clip."""
    folder = clip.parent / "arrays"
    context = ToolContext((), (clip.parent,))
    of_depth = {name: value for name, value in chosen.items() if name.startswith("depth_")}
    of_others = {name: value for name, value in chosen.items() if name not in of_depth}
    name = arrays.write(seen, folder)
    request = InspectInput(clip=str(clip), seen=str(folder / name), arrays=str(folder), **of_others)
    name = inspect(request, context).seen
    measured = DepthInput(clip=str(clip), seen=str(folder / name), arrays=str(folder), **of_depth)
    return arrays.read(Observation, folder / (depth(measured, context).seen or ""))
