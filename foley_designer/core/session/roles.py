"""The documents of a design, each role declared once with its kind of document.

State, record and log hold references; `Session.get` and `Session.put` are typed by them, so a
document can't be kept in the place of another.
"""

from collections.abc import Mapping
from typing import Any, TypedDict, cast, get_type_hints

from foley_designer.core.documents import Document, Holds, Ref
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.mix.rendition import Rendition
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.search_log import SearchLog
from foley_designer.core.script.spotting import Spotting
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.script.trajectory import Cues


class Designed(TypedDict, total=False):
    """What a design is made of, in the order in which it is made."""

    observation: Ref[Observation]
    """What was seen."""
    scene_map: Ref[SceneMap]
    """The film's scenes, if there are several."""
    brief: Ref[Brief]
    """The brief (V, F)."""
    spotting: Ref[Spotting]
    """The verdicts on moments, where someone looked."""
    text: Ref[StructuredText]
    """The structured text T."""
    search: Ref[SearchLog]
    """The search's log."""
    script: Ref[FoleyScript]
    """The Foley script S."""
    cues: Ref[Cues]
    """The cues P."""
    diagnosis: Ref[Diagnosis]
    """The diagnosis of the takes as the plan's faders sum them."""
    plan: Ref[MixPlan]
    """The mixing plan Π."""
    diagnosis_after: Ref[Diagnosis]
    """The diagnosis of the processed stems."""


class Delivered(Designed, total=False):
    """What a revision is made of."""

    rendition: Ref[Rendition]
    """Its takes and stems."""


ROLES: dict[str, type[Document]] = {
    role: held.kind
    for role, hint in get_type_hints(Designed, include_extras=True).items()
    for held in hint.__metadata__
    if isinstance(held, Holds)
}
"""Role to kind."""


def documents_in(values: Mapping[str, Any]) -> Delivered:
    """The references among a state's values."""
    return cast("Delivered", {role: str(values[role]) for role in ROLES if role in values})
