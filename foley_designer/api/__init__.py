"""The library's door: design a clip, look at its cues, write its script; revisions beside it."""

from foley_designer.api.clips import (
    Request,
    Sketch,
    design,
    is_whole,
    observe,
    sketch,
    write,
)

__all__ = ["Request", "Sketch", "design", "is_whole", "observe", "sketch", "write"]
