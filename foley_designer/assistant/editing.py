"""Edits as an assistant writes them: one flat form for all operations, aimed by a selector.

A union of forty schemas would cost a model some ten thousand tokens each time that it reads the
tools; one form with optional fields costs one thousand, and each operation names those it takes.
"""

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from foley_designer.core.documents import Part, describe
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.processing import Futz
from foley_designer.core.revision.operations import Operation
from foley_designer.core.revision.scripts import Problem, RevisionError
from foley_designer.core.revision.selector import Pick, Selector, Time, seconds
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.space import Space


class Do(StrEnum):
    """What is done."""

    LEVEL = "level"
    PAN = "pan"
    DISTANCE = "distance"
    TIME = "time"
    LENGTH = "length"
    PERFORM = "perform"
    REVERB = "reverb"
    EQ = "eq"
    LOW_CUT = "low_cut"
    HIGH_CUT = "high_cut"
    DUCK = "duck"
    COMPRESS = "compress"
    FADE_IN = "fade_in"
    FADE_OUT = "fade_out"
    WIDTH = "width"
    PITCH = "pitch"
    SPEED = "speed"
    ROOM = "room"
    HEAR_THROUGH = "hear_through"
    FOLLOW = "follow"
    TAKE = "take"
    RETAKE = "retake"
    LOCK = "lock"
    MUTE = "mute"
    SOLO = "solo"
    LAYER = "layer"
    QUANTISE = "quantise"
    COPY = "copy"
    ADD_HITS = "add_hits"
    TRIM = "trim"
    REMOVE = "remove"
    MIX_LEVEL = "mix_level"
    MIX_LOUDNESS = "mix_loudness"
    MIX_SPACE = "mix_space"


FIELDS: dict[Do, tuple[str, dict[str, str]]] = {
    Do.LEVEL: ("adjust_level", {"db": "change_db"}),
    Do.PAN: ("adjust_pan", {"deg": "change_deg", "to_deg": "to_deg"}),
    Do.DISTANCE: ("adjust_distance", {"factor": "factor", "to_m": "to_m"}),
    Do.TIME: ("adjust_time", {"s": "shift_s", "frames": "shift_frames", "to": "to_s"}),
    Do.LENGTH: ("adjust_length", {"factor": "factor", "s": "to_s"}),
    Do.PERFORM: (
        "change_performance",
        {
            "variant": "variant",
            "surface": "surface",
            "material": "material",
            "force": "force",
            "wetness": "wetness",
        },
    ),
    Do.REVERB: ("adjust_reverb", {"db": "change_db"}),
    Do.EQ: ("eq", {"db": "gain_db", "hz": "frequency_hz", "shape": "shape", "q": "q"}),
    Do.LOW_CUT: ("filter", {"hz": "frequency_hz"}),
    Do.HIGH_CUT: ("filter", {"hz": "frequency_hz"}),
    Do.DUCK: ("duck", {"by": "by", "db": "db"}),
    Do.COMPRESS: ("compress", {"factor": "amount"}),
    Do.FADE_IN: ("fade", {"s": "length_s", "to": "at_s"}),
    Do.FADE_OUT: ("fade", {"s": "length_s", "to": "at_s"}),
    Do.WIDTH: ("width", {"factor": "width"}),
    Do.PITCH: ("pitch", {"semitones": "change_st"}),
    Do.SPEED: ("speed", {"factor": "factor"}),
    Do.ROOM: ("room", {"space": "space"}),
    Do.HEAR_THROUGH: ("hear_through", {"device": "device"}),
    Do.FOLLOW: ("follow", {"track": "track_id"}),
    Do.TAKE: ("choose_take", {"number": "take"}),
    Do.RETAKE: ("retake", {"engine": "engine"}),
    Do.LOCK: ("lock", {"on": "locked"}),
    Do.MUTE: ("mute", {"on": "muted"}),
    Do.SOLO: ("solo", {"on": "soloed"}),
    Do.LAYER: ("change_layer", {"layer": "layer"}),
    Do.QUANTISE: ("quantise", {}),
    Do.COPY: ("copy", {"to": "to_s"}),
    Do.ADD_HITS: ("add_hits", {"times_s": "times_s"}),
    Do.TRIM: ("trim", {}),
    Do.REMOVE: ("remove_event", {}),
    Do.MIX_LEVEL: ("adjust_scene", {"db": "change_db"}),
    Do.MIX_LOUDNESS: ("target_loudness", {"lufs": "lufs"}),
    Do.MIX_SPACE: ("change_space", {"space": "space"}),
}
"""For each: the operation's kind, and which field of the form is which of its own."""
_FIXED: dict[Do, dict[str, Any]] = {
    Do.LOW_CUT: {"cut": "low"},
    Do.HIGH_CUT: {"cut": "high"},
    Do.FADE_IN: {"edge": "in"},
    Do.FADE_OUT: {"edge": "out"},
}
_NULLABLE = {Do.LOW_CUT: "frequency_hz", Do.HIGH_CUT: "frequency_hz", Do.ROOM: "space"} | {
    Do.HEAR_THROUGH: "device",
    Do.MIX_LOUDNESS: "lufs",
}
_MIX = frozenset({Do.MIX_LEVEL, Do.MIX_LOUDNESS, Do.MIX_SPACE})
_WITH_HITS = frozenset(
    {"adjust_level", "adjust_pan", "adjust_time", "remove_event", "quantise", "copy"}
)


class Edit(Part):
    """Each ``do`` takes the fields after it; a cut, room or device without is off.

    level db | pan deg/to_deg (left positive) | distance factor/to_m | time s/frames/to |
    length factor/s | perform variant/surface/material/force/wetness | reverb db |
    eq hz+db(+shape, q) | low_cut/high_cut hz | duck by+db | compress factor 0..1 |
    fade_in/fade_out s(+to) | width factor 0..2 | pitch semitones | speed factor | room space |
    hear_through device | follow track | take number | retake engine | lock/mute/solo on |
    layer | copy to | add_hits times_s | trim (select.from_time, to_time) | mix_level db |
    mix_loudness lufs | mix_space space | quantise | remove
    """

    do: Do
    select: Selector = Selector()
    db: float | None = None
    deg: float | None = None
    to_deg: float | None = None
    to_m: float | None = None
    factor: float | None = None
    s: float | None = None
    frames: int | None = None
    to: Time | None = None
    hz: float | None = None
    q: float | None = None
    shape: Literal["peak", "low_shelf", "high_shelf"] | None = None
    by: tuple[str, ...] | None = None
    semitones: float | None = None
    lufs: float | None = None
    number: int | None = None
    on: bool | None = None
    space: Space | None = None
    device: Futz | None = None
    layer: Layer | None = None
    track: str | None = None
    engine: str | None = None
    variant: str | None = None
    surface: str | None = None
    material: str | None = None
    force: float | None = None
    wetness: float | None = None
    times_s: tuple[float, ...] | None = Field(default=None, max_length=400)


def operations_of(edits: tuple[Edit, ...], script: FoleyScript) -> tuple[Operation, ...]:
    """The operations that edits stand for.

    Raises:
        FoleyError: ``revision_invalid`` with every problem, each with its edit's number.
    """
    found: list[Operation] = []
    problems: list[str] = []
    for number, edit in enumerate(edits):
        try:
            found += _made(edit, script)
        except RevisionError as error:
            problems.append(f"edits[{number}]: {error.message} {error.hint}".strip())
        except ValidationError as error:
            problems.append(f"edits[{number}]: {describe(error, edit.do.value)}")
    if problems:
        raise FoleyError(ErrorCode.REVISION_INVALID, " | ".join(problems[:12]))
    return tuple(found)


def _made(edit: Edit, script: FoleyScript) -> list[Operation]:
    kind, names = FIELDS[edit.do]
    given = edit.model_dump(exclude_none=True, exclude={"do", "select"})
    strange = sorted(given.keys() - names.keys())
    if strange:
        takes = ", ".join(names) or "no field"
        raise RevisionError(
            Problem.OUT_OF_RANGE, f"{edit.do.value} takes {takes}, not {', '.join(strange)}."
        )
    fields: dict[str, Any] = {"kind": kind, **_FIXED.get(edit.do, {})}
    fields |= {names[name]: value for name, value in given.items()}
    if nullable := _NULLABLE.get(edit.do):
        fields.setdefault(nullable, None)
    for name in ("to_s", "at_s"):
        if isinstance(fields.get(name), str):
            fields[name] = seconds(fields[name], script.clip)
    adapter: TypeAdapter[Operation] = TypeAdapter(Operation)
    if edit.do in _MIX:
        return [adapter.validate_python(fields)]
    if edit.do is Do.TRIM:
        clip = script.clip
        fields["from_s"] = seconds(edit.select.from_time or 0.0, clip)
        fields["to_s"] = seconds(edit.select.to_time or clip.duration_s, clip)
        keys = [event.id for event in edit.select.events_of(script)]
        return [adapter.validate_python(fields | {"event_id": key}) for key in keys]
    return [
        adapter.validate_python(fields | _scope(pick, kind)) for pick in edit.select.picks(script)
    ]


def _scope(pick: Pick, kind: str) -> dict[str, Any]:
    """The target's fields of an operation.

    Raises:
        RevisionError: it can't be done to single hits, or to a stretch.
    """
    scope: dict[str, Any] = {"event_id": pick.event_id}
    if pick.hits and kind in _WITH_HITS:
        scope["hits"] = pick.hits
    elif pick.stretch and kind == "adjust_level":
        scope["from_s"], scope["to_s"] = pick.stretch
    elif pick.hits or pick.stretch:
        what = "single hits" if pick.hits else "a stretch"
        raise RevisionError(Problem.OUT_OF_RANGE, f"{kind} is for whole events, not for {what}.")
    return scope
