"""How a model's agent falls back: to the rules, for this step, with a visible note."""

from collections.abc import Callable
from typing import TypeVar

from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import NoteKind

T = TypeVar("T")

FALLS_BACK = frozenset({ErrorCode.MODEL_FAILED, ErrorCode.BUDGET_SPENT, ErrorCode.PROMPT_INVALID})
"""Failures of a model that rules answer for."""


class ModelAgent:
    """An agent that asks the model and has rules to fall back on.

    Args:
        client: asks the endpoint.
        notebook: where fallbacks are noted.
    """

    STEP: str
    """Name of the agent in notes."""
    ASKED = "questions"
    """What is asked of it, for counts."""

    def __init__(self, client: ModelClient, notebook: Notebook) -> None:
        self.client = client
        self.notebook = notebook

    @property
    def at_once(self) -> int:
        """Scenes that it may be asked about at a time: waiting for a model takes no processor."""
        return self.client.settings.llm_parallel

    def try_model(self, ask: Callable[[], T], rules: Callable[[], T]) -> T:
        """The model's answer, or the rules' with a note that says why."""
        try:
            value = ask()
        except FoleyError as error:
            if error.code not in FALLS_BACK:
                raise
            self.fell_back(error)
            self.notebook.count(self.STEP, self.ASKED, failed=True)
            return rules()
        self.notebook.count(self.STEP, self.ASKED, failed=False)
        return value

    def fell_back(self, error: FoleyError, what: str = "this step") -> None:
        """Leave a note that the rules answer, and why."""
        if error.code is ErrorCode.BUDGET_SPENT:
            step, text = "model", f"{error.message} The rules answer from here on."
        else:
            step, text = self.STEP, f"{error.message} The rules answered {what} instead."
        self.notebook.write(NoteKind.FALLBACK, step, text)
