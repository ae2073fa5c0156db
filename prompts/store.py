"""The prompt store: built-in prompts, the user's and the project's, checked when it is opened."""

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from foley_designer.core.errors import FoleyError
from foley_designer.prompts.prompt import (
    Prompt,
    Rendered,
    invalid,
    read_prompt,
    read_text,
    try_out,
)

BUILTIN = Path(__file__).parent
EXTRA = ".extra.md"


class Layer(NamedTuple):
    """One folder of prompts."""

    name: str
    folder: Path


class PromptStore:
    """The prompts in effect, by id."""

    def __init__(self, prompts: Mapping[str, Prompt], builtin: Mapping[str, Prompt]) -> None:
        self._prompts = dict(prompts)
        self._builtin = dict(builtin)

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, sorted."""
        return tuple(sorted(self._prompts))

    def get(self, prompt_id: str) -> Prompt:
        """The prompt in effect.

        Raises:
            FoleyError: ``prompt_invalid`` for an unknown id, naming the known ones.
        """
        if prompt_id not in self._prompts:
            raise invalid(prompt_id, "unknown id", f"Known: {', '.join(self.ids)}.")
        return self._prompts[prompt_id]

    def render(self, prompt_id: str, values: Mapping[str, Any]) -> Rendered:
        """The messages of a prompt for these inputs; raises as `Prompt.render` does."""
        return self.get(prompt_id).render(values)

    def provenance(self) -> dict[str, str]:
        """Id to ``id@version#hash``, for the session."""
        return {prompt_id: self._prompts[prompt_id].provenance for prompt_id in self.ids}

    def diff(self, prompt_id: str) -> str:
        """What overrides changed against the built-in prompt, as a unified diff; may be empty."""
        now = self.get(prompt_id)
        lines = difflib.unified_diff(
            self._builtin[prompt_id].text.splitlines(keepends=True),
            now.text.splitlines(keepends=True),
            f"builtin/{prompt_id}.md",
            f"{now.layer}/{prompt_id}.md",
        )
        return "".join(lines)


def load(user: Path | None = None, project: Path | None = None) -> PromptStore:
    """Open the store: built-in, then the user's folder, then the project's; the last one wins.

    Args:
        user: folder of overrides; one that isn't there is empty.
        project: the same, above the user's; it was named, so it must be there.

    Raises:
        FoleyError: ``prompt_invalid`` for the first file that is wrong.
    """
    store, errors = inspect(user, project)
    if errors:
        raise errors[0]
    return store


def inspect(
    user: Path | None = None, project: Path | None = None
) -> tuple[PromptStore, tuple[FoleyError, ...]]:
    """As `load`, but all that is wrong is listed and left out instead of raised."""
    builtin, wrong = _shipped(BUILTIN)
    prompts, errors = dict(builtin), list(wrong)
    if project is not None and not project.is_dir():
        missing = f"{project} is no folder"
        errors.append(invalid("folder", missing, "Create it, or leave prompts_dir unset."))
    for layer in _given(user, project):
        errors += _laid(layer, prompts)
    return PromptStore(prompts, dict(builtin)), tuple(errors)


@cache
def _shipped(folder: Path) -> tuple[dict[str, Prompt], tuple[FoleyError, ...]]:
    """The built-in prompts, which stay while a program runs, and what is wrong with them."""
    prompts: dict[str, Prompt] = {}
    errors = tuple(_laid(Layer("builtin", folder), prompts))
    return prompts, errors


def _laid(layer: Layer, prompts: dict[str, Prompt]) -> Iterator[FoleyError]:
    """Put a layer's files over what lies below it; what is wrong is left out."""
    files = sorted(layer.folder.rglob("*.md"))
    for path in (*(p for p in files if not _is_extra(p)), *filter(_is_extra, files)):
        prompt_id = path.relative_to(layer.folder).as_posix()
        prompt_id = prompt_id.removesuffix(EXTRA).removesuffix(".md")
        try:
            prompts[prompt_id] = _read(path, prompt_id, layer.name, prompts.get(prompt_id))
        except FoleyError as error:
            yield error


def _given(user: Path | None, project: Path | None) -> tuple[Layer, ...]:
    """The override layers that were named."""
    return tuple(
        Layer(name, folder) for name, folder in (("user", user), ("project", project)) if folder
    )


def _is_extra(path: Path) -> bool:
    """Whether the file adds to a prompt instead of replacing it."""
    return path.name.endswith(EXTRA)


def _read(path: Path, prompt_id: str, layer: str, base: Prompt | None) -> Prompt:
    """One file as it changes what lies below it."""
    if layer != "builtin" and base is None:
        raise invalid(path, f"no prompt is called {prompt_id}", "Name it <agent>/<task>.md.")
    if _is_extra(path):
        if base is None:
            raise invalid(path, "adds to no prompt", "Write the prompt first.")
        extended = base.model_copy(
            update={"extras": (*base.extras, read_text(path).strip()), "layer": layer}
        )
        try_out(extended, path)
        return extended
    prompt = read_prompt(path, prompt_id, layer)
    if base is not None:
        _compare(path, prompt, base)
        prompt = prompt.model_copy(update={"extras": base.extras})
    return prompt


def _compare(path: Path, prompt: Prompt, base: Prompt) -> None:
    """Refuse an override that the program couldn't serve.

    Raises:
        FoleyError: ``prompt_invalid``.
    """
    if prompt.version != base.version:
        raise invalid(
            path,
            f"written for version {prompt.version}, the built-in one is {base.version}",
            f"Compare with `foley-designer prompts show {base.id}`, then set version.",
        )
    if prompt.output != base.output:
        raise invalid(path, f"output is {prompt.output}", f"Write output: {base.output}.")
    wrong = sorted(
        name for name, kind in prompt.inputs.items() if base.inputs.get(name) is not kind
    )
    if wrong:
        known = ", ".join(f"{name}: {kind}" for name, kind in sorted(base.inputs.items()))
        raise invalid(path, f"inputs that are not given: {', '.join(wrong)}", f"Given: {known}.")
