"""reverb, eq, dynamics: three specialists in parallel, twice, then reconciled (section 3.3)."""

from foley_designer.agents.interfaces import Specialist, SpecialistProposal
from foley_designer.agents.reconcile import reconcile
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench

ROUNDS = 2
"""First alone, then knowing what the others proposed."""


def reverb(state: DesignState, bench: Workbench) -> Update:
    """The reverberation specialist's proposal."""
    return _propose(state, bench, bench.team.reverb)


def eq(state: DesignState, bench: Workbench) -> Update:
    """The equalisation specialist's proposal."""
    return _propose(state, bench, bench.team.eq)


def dynamics(state: DesignState, bench: Workbench) -> Update:
    """The dynamics specialist's proposal."""
    return _propose(state, bench, bench.team.dynamics)


def confer(state: DesignState, bench: Workbench) -> Update:
    """Count the round; after the last one, reconcile the proposals into the plan."""
    conference = state["conference"] + 1
    if conference < ROUNDS:
        return {"conference": conference}
    plan = reconcile(bench.get(MixPlan, state["plan"]), _proposals(state))
    return {"conference": conference, "plan": bench.put(plan)}


def after_conference(state: DesignState) -> list[str]:
    """Another round of the three, or on to the mix."""
    return ["reverb", "eq", "dynamics"] if state["conference"] < ROUNDS else ["mix"]


def _propose(state: DesignState, bench: Workbench, specialist: Specialist) -> Update:
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
