"""hear: measure what a revision changed."""

from foley_designer.core.revision.diff import Diff
from foley_designer.graph.nodes.critique import critique
from foley_designer.graph.state import ReviseState, Update
from foley_designer.graph.workbench import Workbench


def hear(state: ReviseState, bench: Workbench) -> Update:
    """Measure the stems again, unless all of them are as they were measured before.

    Masking then stays as compared under the faders that the diagnosis names.
    """
    if state.get("restored"):
        return {}
    diff = Diff.model_validate(state["diff"])
    if not diff.removed and set(state["kept"]) == set(state["stems"]):
        return {}
    return critique(state, bench)
