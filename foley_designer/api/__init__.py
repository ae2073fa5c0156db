"""The library's door: design a clip, look at its cues, write its script; revisions beside it."""

from foley_designer.api.clips import (
    Request,
    Sketch,
    design,
    observe,
    sketch,
    write,
)

__all__ = ["Request", "Sketch", "design", "observe", "sketch", "write"]
