"""The mixing specialists, declared here alone: planner, team, graph and progress follow.

A further one is a folder with ``rules.py`` and ``model.py``, its prompt, and one line below.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from foley_designer.agents.dynamics.rules import RulesDynamics
from foley_designer.agents.eq.rules import RulesEq
from foley_designer.agents.interfaces import Specialist
from foley_designer.agents.reverb.rules import RulesReverb

if TYPE_CHECKING:
    from foley_designer.agents.llm.specialist import AnySpecialist
    from foley_designer.memory.knowledge_base import Knowledge


class Entry(NamedTuple):
    """One specialist."""

    name: str
    """Of its folder, its prompts, its node and its settings."""
    rules: Callable[["Knowledge"], Specialist]
    twin: str
    """Class in the folder's ``model.py`` that asks a language model."""

    def model(self) -> "type[AnySpecialist]":
        """The twin that asks a language model, loaded when one is configured."""
        module = import_module(f"foley_designer.agents.{self.name}.model")
        return cast("type[AnySpecialist]", getattr(module, self.twin))


SPECIALISTS = (
    Entry("reverb", lambda _: RulesReverb(), "ModelReverb"),
    Entry("eq", RulesEq, "ModelEq"),
    Entry("dynamics", lambda _: RulesDynamics(), "ModelDynamics"),
)
"""In the order in which their operations are named."""
NAMES = tuple(entry.name for entry in SPECIALISTS)


def by_rules(knowledge: "Knowledge") -> tuple[Specialist, ...]:
    """All specialists by rules, in order."""
    return tuple(entry.rules(knowledge) for entry in SPECIALISTS)
