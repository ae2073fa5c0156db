"""What the chat asks for: a proposal first, then the work, through the same door as the CLI's."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from foley_designer.api import revisions, scenes
from foley_designer.core.progress import Progress
from foley_designer.core.revision.operations import Operation
from foley_designer.core.settings import Settings


class Body(BaseModel):
    """What the page may send; nothing else is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Ask(Body):
    """Words, and what "it" means in them."""

    request: str = Field(min_length=1, max_length=2000)
    focus: tuple[str, ...] = Field(default=(), max_length=50)
    choice: int | None = Field(default=None, ge=1, le=50)


class Apply(Body):
    """A proposal to be carried out, or a command."""

    request: str = Field(default="", max_length=2000)
    operations: tuple[dict[str, Any], ...] = Field(default=(), max_length=100)
    base: str | None = Field(default=None, max_length=64)
    command: Literal["revise", "undo", "redo", "restore", "design"] = "revise"
    revision: str = Field(default="", max_length=64)


def proposed(folder: Path, asked: Ask, settings: Settings) -> dict[str, Any]:
    """What words would do; raises as `revisions.propose`."""
    proposal = revisions.propose(
        folder, asked.request, choice=asked.choice, focus=asked.focus, settings=settings
    )
    return {
        "base": proposal.base,
        "operations": [one.model_dump(mode="json") for one in proposal.operations],
        "diff": proposal.diff.model_dump(mode="json") if proposal.diff else None,
        "question": proposal.question,
        "options": proposal.options,
        "command": proposal.command,
        "preference": proposal.preference,
    }


def carried_out(
    folder: Path, wanted: Apply, settings: Settings, progress: Progress
) -> dict[str, Any]:
    """Do it and tell what was measured before and after; raises as `revisions.revise`."""
    if wanted.command == "design":
        record = scenes.perform_scenes(folder, settings=settings, progress=progress)
        return {"revision": record.revision, "stems": [], "mix_lufs": [], "preference": ""}
    if wanted.command == "undo":
        result = revisions.undo(folder, settings=settings, progress=progress)
    elif wanted.command == "redo":
        result = revisions.redo(folder, settings=settings, progress=progress)
    elif wanted.command == "restore":
        result = revisions.go_to(folder, wanted.revision, settings=settings, progress=progress)
    else:
        operations = TypeAdapter(tuple[Operation, ...]).validate_python(wanted.operations)
        result = revisions.revise(
            folder,
            operations or wanted.request,
            approve=True,
            base=wanted.base,
            words=wanted.request,
            confirm=lambda _: True,  # the page showed the changes, and was asked to apply them
            settings=settings,
            progress=progress,
        )
    return {
        "revision": result.revision,
        "stems": [
            {
                "event_id": stem.event_id,
                "before": vars(stem.before) if stem.before else None,
                "after": vars(stem.after) if stem.after else None,
            }
            for stem in result.stems
        ],
        "mix_lufs": [one.integrated_lufs for one in result.mix or ()],
        "preference": result.preference,
    }
