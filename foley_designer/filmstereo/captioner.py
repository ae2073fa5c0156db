"""Captions by a language model in a build: asked for as items are made, the grammar's kept else."""

from collections.abc import Callable

from foley_designer.agents.captioner.model import ModelCaptioner
from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.client import ModelClient
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.settings import Settings
from foley_designer.datasets.item import Item
from foley_designer.filmstereo.making import Made
from foley_designer.prompts.store import load

Describe = Callable[[Made], Made]
"""An item with another caption."""
_FALLS_BACK = frozenset({ErrorCode.MODEL_FAILED, ErrorCode.BUDGET_SPENT})


class BuildCaptioner:
    """Describes the items of one build, within the settings' budget.

    Args:
        settings: endpoint, model and budget.

    Raises:
        FoleyError: ``config_invalid`` if no model is configured.
    """

    def __init__(self, settings: Settings) -> None:
        if not settings.uses_model:
            raise FoleyError(
                ErrorCode.CONFIG_INVALID,
                "captions: model needs a language model.",
                "Set FOLEY_LLM_MODEL and its endpoint, or captions: grammar.",
            )
        budget = Budget(settings.max_model_calls, settings.max_tokens, settings.max_seconds)
        client = ModelClient(settings, load(settings.prompts_dir), budget)
        self._captioner = ModelCaptioner(client)
        self.reasons: dict[str, int] = {}
        """Why the grammar's caption was kept, and how often."""

    def describe(self, made: Made) -> Made:
        """The item with the model's caption, or as it is if the model gives none."""
        if made.reason:
            return made
        item = Item.from_json(made.annotation)
        try:
            caption = self._captioner.caption(item)
        except FoleyError as error:
            if error.code not in _FALLS_BACK:
                raise
            self.reasons[error.message] = self.reasons.get(error.message, 0) + 1
            return made
        described = item.model_copy(update={"caption": caption, "captioned_by": "model"})
        return made._replace(annotation=described.to_json(indent=None))
