"""The specialists in parallel, twice, then reconciled (section 3.3)."""

from collections.abc import Callable

from foley_designer.agents.interfaces import Specialist, SpecialistProposal
from foley_designer.agents.reconcile import reconcile
from foley_designer.agents.specialists import NAMES
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench

Node = Callable[[DesignState, Workbench], DesignState]
ROUNDS = 2
"""First alone, then knowing what the others proposed."""


def _node(name: str) -> Node:
    """The node of one specialist."""

    def propose(state: DesignState, bench: Workbench) -> DesignState:
        return _propose(state, bench, bench.team.specialist(name))

    propose.__name__ = propose.__qualname__ = name
    return propose


NODES: tuple[Node, ...] = tuple(map(_node, NAMES))
"""One node a specialist, named like it."""


def confer(state: DesignState, bench: Workbench) -> DesignState:
    """Count the round; after the last one, reconcile the proposals into the plan."""
    conference = state["conference"] + 1
    if conference < ROUNDS:
        return {"conference": conference}
    plan = reconcile(bench.get(MixPlan, state["plan"]), _proposals(state))
    return {"conference": conference, "plan": bench.put(plan)}


def after_conference(state: DesignState) -> list[str]:
    """Another round of the specialists, or on to the mix."""
    return [*NAMES] if state["conference"] < ROUNDS else ["mix"]


def _propose(state: DesignState, bench: Workbench, specialist: Specialist) -> DesignState:
    peers = tuple(
        proposal
        for proposal in (_proposals(state) if state["conference"] > 0 else ())
        if proposal.operation is not specialist.operation
    )
    proposal = specialist.propose(
        bench.get(FoleyScript, state["script"]),
        bench.get(Diagnosis, state["diagnosis"]),
        bench.get(MixPlan, state["plan"]),
        peers,
    )
    return {"proposals": {specialist.operation.value: proposal.model_dump(mode="json")}}


def _proposals(state: DesignState) -> tuple[SpecialistProposal, ...]:
    proposals = state.get("proposals", {})
    return tuple(
        SpecialistProposal.model_validate(proposals[operation.value])
        for operation in Operation
        if operation.value in proposals
    )
