"""Roles of a design's documents are declared once; the graph's state carries them all."""

from typing import get_type_hints

from foley_designer.core.documents import Holds
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.roles import ROLES, documents_in
from foley_designer.graph.state import DesignState


def test_every_role_is_a_channel_of_the_state_that_holds_its_kind() -> None:
    hints = get_type_hints(DesignState, include_extras=True)
    held = {
        name: one.kind
        for name, hint in hints.items()
        for one in getattr(hint, "__metadata__", ())
        if isinstance(one, Holds)
    }
    assert held == ROLES
    assert ROLES["script"] is FoleyScript


def test_a_states_documents_are_its_references_alone() -> None:
    state = {"script": "a" * 64, "clip": "clip.mp4", "takes": {}, "plan": "b" * 64}
    assert documents_in(state) == {"script": "a" * 64, "plan": "b" * 64}
