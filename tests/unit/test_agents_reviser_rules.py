"""The rules reviser against requests as people speak them."""

from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from foley_designer.agents.reviser.grammar.words import LANGUAGES, lexicon
from foley_designer.agents.reviser.rules import RulesReviser
from foley_designer.agents.reviser.understanding import Situation, Understanding
from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.revision.apply import apply
from foley_designer.core.revision.diff import describe_changes
from foley_designer.core.revision.operations import Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.space import Space
from foley_designer.memory import knowledge_base
from foley_designer.memory.preferences import Preferences

REQUESTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "golden" / "revision_requests.yaml").read_text()
)
LEAST_RIGHT = 0.85


def event(
    key: str,
    label: str,
    kind: Subcategory,
    *,
    hits: tuple[float, ...] = (),
    span: tuple[float, float] | None = None,
    layer: Layer = Layer.FOREGROUND,
    source: Source | None = None,
    play: Performance | None = None,
) -> SoundEvent:
    return SoundEvent(
        id=key,
        label=label,
        description=label,
        subcategory=kind,
        layer=layer,
        hits=tuple(Hit(time_s=time) for time in hits),
        spans=(Span(start_s=span[0], end_s=span[1]),) if span else (),
        source=source or Source(kind=SourceKind.POINT, azimuth_deg=10, distance_m=3),
        performance=play or Performance(),
    )


def yard() -> FoleyScript:
    away = Source(kind=SourceKind.POINT, azimuth_deg=30, distance_m=8, on_screen=False)
    around = Source(kind=SourceKind.AROUND, on_screen=False)
    back, voice = Layer.BACKGROUND, Subcategory.ANIMAL_VOICE
    return FoleyScript(
        clip=Clip(
            name="yard.mp4",
            sha256="0" * 64,
            width=640,
            height=360,
            rate=Fraction(25),
            duration_s=10.0,
            frame_count=250,
        ),
        space=Space.WORKSHOP,
        events=(
            event(
                "boots",
                "boots on gravel",
                Subcategory.HUMAN_STEPS,
                hits=(0.5, 1.0, 1.5, 2.0, 2.5, 3.0),
                source=Source(kind=SourceKind.TRACK, track_id="t1"),
                play=Performance(variant="boots", surface="gravel"),
            ),
            event(
                "door",
                "wooden door slams",
                Subcategory.DOOR,
                hits=(3.2,),
                play=Performance(variant="slam", material="wood"),
            ),
            event(
                "anvil",
                "hammer on anvil",
                Subcategory.METAL_IMPACT,
                hits=(5.0, 5.6, 6.2),
                play=Performance(variant="hammer", material="steel", force=0.7),
            ),
            event(
                "car_door",
                "car door closes",
                Subcategory.DOOR,
                hits=(8.0,),
                source=away,
                play=Performance(variant="car"),
            ),
            event("jacket", "jacket rustles", Subcategory.CLOTH, span=(0.4, 3.2), layer=back),
            event(
                "bird",
                "bird sings",
                voice,
                hits=(1.2, 4.5),
                layer=back,
                source=away,
                play=Performance(variant="bird"),
            ),
            event(
                "crow",
                "crow caws",
                voice,
                hits=(6.8,),
                layer=back,
                source=away,
                play=Performance(variant="crow"),
            ),
            event(
                "wind",
                "wind in the trees",
                Subcategory.WIND,
                span=(0.0, 10.0),
                layer=back,
                source=around,
                play=Performance(variant="breeze", surface="leaves"),
            ),
            event(
                "air",
                "workshop air",
                Subcategory.AMBIENCE,
                span=(0.0, 10.0),
                layer=back,
                source=around,
                play=Performance(variant="workshop"),
            ),
            event(
                "dog",
                "dog barks",
                voice,
                hits=(7.0, 7.4),
                source=away,
                play=Performance(variant="dog"),
            ),
        ),
    )


LEVELS = {"boots": -30.0, "door": -24.0, "anvil": -26.0, "car_door": -32.0, "wind": -44.0}


@cache
def reviser() -> RulesReviser:
    return RulesReviser(knowledge_base.load())


def understood(request: str, script: FoleyScript | None = None, **more: Any) -> Understanding:
    return reviser().understand(request, Situation(script=script or yard(), levels=LEVELS, **more))


def spelled(operation: Operation) -> str:  # noqa: PLR0911, PLR0912
    """An operation in one short line."""
    given = operation.model_dump(mode="json", exclude_none=True, exclude={"kind", "reason"})
    who = given.get("event_id", "")
    who += "".join(f"#{number}" for number in given.get("hits", ()))
    match operation.kind:
        case "adjust_level":
            return f"level {who} {given['change_db']:g}"
        case "adjust_scene":
            return f"scene {given['change_db']:g}"
        case "adjust_reverb":
            return f"reverb {who} {given['change_db']:g}"
        case "adjust_pan":
            way = "by" if "change_deg" in given else "to"
            return f"pan {who} {way} {given.get('change_deg', given.get('to_deg')):g}"
        case "adjust_distance":
            amount = f"x{given['factor']:g}" if "factor" in given else f"{given['to_m']:g} m"
            return f"distance {who} {amount}"
        case "adjust_time":
            if "to_s" in given:
                return f"time {who} to {given['to_s']:g} s"
            amount = (
                f"{given['shift_s']:g} s" if "shift_s" in given else f"{given['shift_frames']} f"
            )
            return f"time {who} {amount}"
        case "adjust_length":
            amount = f"x{given['factor']:g}" if "factor" in given else f"{given['to_s']:g} s"
            return f"length {who} {amount}"
        case "replace_sound":
            return f"replace {who} {given['cards'][0]}: {given['label']}"
        case "change_performance":
            fields = {key: value for key, value in given.items() if key != "event_id"}
            return f"perform {who} " + " ".join(f"{k}={v}" for k, v in sorted(fields.items()))
        case "add_event":
            return f"add {added(operation.event)}"
        case "merge_events":
            return f"merge {' '.join(given['event_ids'])}"
        case "split_event":
            return f"split {who} {given['at_s']:g}"
        case "change_space":
            return f"space {given['space']}"
        case "change_tone":
            return f"tone {given['mood']}"
        case "change_layer":
            return f"layer {who} {given['layer']}"
        case "change_perspective":
            return f"view {who} {given['size']}"
        case kind:
            return f"{kind.removesuffix('_event')} {who}"


def added(new: SoundEvent) -> str:
    around = new.source.kind is SourceKind.AROUND
    where = "around" if around else f"{new.source.azimuth_deg:g}"
    when = f"at {new.hits[0].time_s:g}" if new.hits else f"{new.start_s:g}-{new.end_s:g}"
    return f"{new.cards[0]} {new.layer} {where} {when}"


def verdict(request: dict[str, Any]) -> str:
    """``right``, ``asked``, ``lost`` or ``wrong``."""
    meaning = understood(request["say"])
    if meaning.unclear:
        return "right" if request.get("lost") else "lost"
    if meaning.options:
        return "right" if request.get("ask") else "asked"
    if meaning.command or meaning.preference:
        wish = meaning.preference
        said = f"{wish.key} {wish.value:g}" if wish else meaning.command
        return "right" if said in (request.get("command"), request.get("prefer")) else "wrong"
    done = [spelled(operation) for operation in meaning.operations]
    return "right" if done == request.get("do") else "wrong"


@pytest.mark.slow
def test_most_requests_are_understood() -> None:
    verdicts = {request["say"]: verdict(request) for request in REQUESTS}
    counts = Counter(verdicts.values())
    missed = {say: told for say, told in verdicts.items() if told != "right"}
    assert len(REQUESTS) == 120
    assert counts["right"] >= LEAST_RIGHT * len(REQUESTS), missed


@pytest.mark.parametrize("request_", [r for r in REQUESTS if r.get("lost")], ids=lambda r: r["say"])
def test_nothing_is_applied_where_nothing_is_understood(request_: dict[str, Any]) -> None:
    meaning = understood(request_["say"])
    assert meaning.unclear
    assert not meaning.operations
    assert not meaning.command


@pytest.mark.parametrize("request_", [r for r in REQUESTS if r.get("ask")], ids=lambda r: r["say"])
def test_two_readings_are_asked_about(request_: dict[str, Any]) -> None:
    meaning = understood(request_["say"])
    assert meaning.question
    assert len({option.operations for option in meaning.options}) == len(meaning.options) >= 2


@pytest.mark.parametrize(
    ("say", "done"),
    [
        ("add 2 dB to the crow", ["level crow 2"]),
        ("take 3 dB off the wind", ["level wind -3"]),
        ("drop the wind 6 dB", ["level wind -6"]),
        ("drop the wind", ["remove wind"]),
        ("lower the anvil 3 dB and the dog 2 dB", ["level anvil -3", "level dog -2"]),
        ("give me another version of the dog", ["retake dog"]),
        ("move the dog a metre closer", ["distance dog 7 m"]),
        ("move the dog a metre closer and 2 dB down", ["distance dog 7 m", "level dog -2"]),
        ("the dog 10 m away", ["distance dog 10 m"]),
        ("the dog 2 m further away", ["distance dog 10 m"]),
        ("the hammer sounds too close", ["distance anvil x1.41"]),
        ("the wind should stop at 6 seconds", ["length wind 6 s"]),
        ("mute all the birds except the crow", ["mute bird"]),
        ("could the boots be a little softer?", ["level boots -1.5"]),
        ("she should walk on snow", ["perform boots surface=snow"]),
        ("turn the volume down", ["scene -3"]),
        ("pan dog 30 left", ["pan dog by 30"]),
        ("both doors quieter", ["level door -3", "level car_door -3"]),
    ],
)
def test_near_misses(say: str, done: list[str]) -> None:
    assert [spelled(operation) for operation in understood(say).operations] == done


@pytest.mark.parametrize(
    "say",
    [
        "the loudest footstep down 3 dB",
        "mute everything",
        "add a gunshot",
        "move the boots a metre closer",
        "the wind 40 degrees quieter",
        "take it",
        "move the dog 400 degrees left",
        "dog 0 times as far",
        "dog 0 m away",
        ";;;",
        "add rain " * 200,
    ],
)
def test_what_is_not_known_is_not_guessed(say: str) -> None:
    assert understood(say).unclear


def test_it_means_what_was_spoken_of_before() -> None:
    louder = understood("make it louder", focus=("crow",))
    assert [spelled(operation) for operation in louder.operations] == ["level crow 3"]
    both = understood("the crow louder and put it on the left")
    assert [spelled(operation) for operation in both.operations] == [
        "level crow 3",
        "pan crow to 30",
    ]


@pytest.mark.parametrize(
    ("words", "command", "name"),
    [
        ("call this the quiet version", "name", "the quiet version"),
        ("Save this take as “Door B”.", "name", "Door B"),
        ("name it 'Take 3'", "name", "Take 3"),
        ("back to take Door B", "restore", "Door B"),
        ('go back to the version "quiet door"', "restore", "quiet door"),
        ("go back to 'quiet door'", "restore", "quiet door"),
    ],
)
def test_takes_are_named_and_called_back(words: str, command: str, name: str) -> None:
    meant = understood(words)
    assert (meant.command, meant.name) == (command, name)
    assert understood("keep the wind").command is None
    assert understood("go back").command == "undo"


def test_preferences_change_what_words_mean() -> None:
    wishes = Preferences().set("quieter_db", 5.0).set("much_factor", 3.0)
    done = understood("the wind much quieter", wishes=wishes).operations
    assert [spelled(operation) for operation in done] == ["level wind -15"]
    outside = understood("from now on quieter means 90 dB")
    assert outside.unclear
    assert outside.preference is None


@pytest.mark.parametrize("request_", [r for r in REQUESTS if r.get("do")], ids=lambda r: r["say"])
def test_what_is_understood_can_be_applied(request_: dict[str, Any]) -> None:
    script = yard()
    after = apply(script, understood(request_["say"]).operations)
    assert describe_changes(script, after).lines


def test_words_of_a_lexicon_are_texts_whatever_yaml_once_took_them_for() -> None:
    assert {one.kind for one in lexicon("es").phrases[("no",)]} == {"neg", "no"}
    for language in LANGUAGES:
        assert not {("true",), ("false",)} & lexicon(language).phrases.keys()
