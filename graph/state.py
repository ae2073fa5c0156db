"""The state of one design: small values and hashes. Documents and media stay in the session."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict, TypeVar

from foley_designer.core.documents import Ref
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.roles import Designed

V = TypeVar("V")
Plain = dict[str, Any]


def merge(left: dict[str, V], right: dict[str, V]) -> dict[str, V]:
    """Reducer: entries of both, the newer one where a key stands in both."""
    return {**left, **right}


def append_new(left: list[V], right: list[V]) -> list[V]:
    """Reducer: the right's items that the left does not hold yet, appended."""
    return left + [
        item for position, item in enumerate(right) if item not in left + right[:position]
    ]


def better(left: dict[str, Plain], right: dict[str, Plain]) -> dict[str, Plain]:
    """Reducer: per event the take that checked better; the newer one where they are equal."""
    worse = {
        key
        for key in left.keys() & right.keys()
        if left[key]["check"]["score"] > right[key]["check"]["score"]
    }
    return {**left, **{key: take for key, take in right.items() if key not in worse}}


def highest(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    """Reducer: per key the higher of two running totals."""
    return {key: max(left.get(key, 0.0), right.get(key, 0.0)) for key in sorted({*left, *right})}


class FirstMix(TypedDict, total=False):
    """What a mix was made by and measured as; empty if there is none to go back to."""

    plan: Ref[MixPlan]
    diagnosis: Ref[Diagnosis]


class DesignState(Designed, total=False):
    """What the graph hands from node to node, beside references to the session's documents."""

    session: str
    """Folder of the session."""
    clip: str
    """Path of the clip."""
    script_path: str | None
    """Path of the screenplay, if one was given."""
    description: str | None
    """What a person said about the clip."""
    spotting_path: str | None
    """Path of the verdicts on moments, if someone gave them."""
    scenes_path: str | None
    """Path of the film's scenes, if a person gave them."""
    approve: list[str]
    """Where to stop and ask: ``script``, ``mix``."""

    objections: list[dict[str, Any]]
    """The validator's objections to T."""
    scribe_round: int
    """How often the scribe has proposed."""

    candidates: Annotated[dict[str, dict[str, Any]], merge]
    """Nodes of the search by id, as `SearchNode`."""
    frontier: list[str]
    """Ids of the nodes that the last pruning kept: the paper's C."""
    level: int
    """Depth of the search so far: the paper's d."""
    ended_by: str
    """Why the search ended."""

    takes: Annotated[dict[str, dict[str, Any]], better]
    """Kept takes by event id, as `Take`."""
    attempt: int
    """How often takes were made: 0 before the first time."""

    proposals: Annotated[dict[str, dict[str, Any]], merge]
    """The specialists' latest proposals by operation."""
    conference: int
    """Rounds in which the specialists have proposed."""
    stems: dict[str, dict[str, Any]]
    """Processed stems by event id: ``file`` and ``gain_db``."""
    mix: dict[str, Any]
    """The mastered mix, as `MixOutput`."""
    mix_round: int
    """How often the mix was made."""
    first_mix: FirstMix
    """The first mix while the second is made."""
    surround: dict[str, Any]
    """The 5.1 file, as `UpmixOutput`."""

    base: str
    """Revision that a revision starts from, or that is delivered again."""
    request: str
    """The words that asked for this revision."""
    operations: list[dict[str, Any]]
    """What was done to the base's script, as `Operation`."""
    kept: list[str]
    """Events that a revision left: their take stays, and from ``settle`` on their stem."""
    restored: bool
    """Whether ``base`` is delivered again instead of something new."""

    notes: Annotated[list[dict[str, Any]], append_new]
    """Notes of all steps, as `Note`."""
    usage: Annotated[dict[str, float], highest]
    """Model calls, tokens and seconds so far."""


class ReviseState(DesignState, total=False):
    """What a revision holds beside a design."""

    asked: str
    """The request, in a person's words."""
    asked_operations: list[dict[str, Any]]
    """The request as `Operation`, from who knows them."""
    command: Literal["undo", "redo", "restore"]
    """The request, where it is none about the script; ``restore`` delivers a revision again."""
    wanted: str
    """The revision to restore; without it the current one."""
    focus: list[str]
    """Events of the request before."""
    pending: str
    """A request that was asked back, and that this one may answer."""
    approved: bool
    """Whether to go on without asking."""
    looks_only: bool
    """Whether nothing may be done, undone or remembered."""
    understanding: dict[str, Any]
    """What the request means, as `Understanding`."""
    diff: dict[str, Any]
    """What changes, as `Diff`."""


class ExpandState(TypedDict):
    """What one branch of the search's fan-out is sent."""

    session: str
    clip: str
    brief: Ref[Brief]
    text: Ref[StructuredText]
    node: dict[str, Any]
    """The node to expand, as `SearchNode`."""


class SoundState(TypedDict):
    """What one branch of the takes' fan-out is sent."""

    session: str
    script: Ref[FoleyScript]
    cues: Ref[Cues]
    event_id: str
    attempt: int


Update = Mapping[str, Any]
"""What a node returns: the fields of the state that it changes; a revision also overwrites."""
