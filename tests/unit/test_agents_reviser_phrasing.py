"""Notation and constructions that are said again before the grammar reads them."""

from typing import Any

import pytest

from benchmarks.words import edits
from foley_designer.agents.reviser.phrasing.notation import plainly
from foley_designer.agents.reviser.rules import RulesReviser
from foley_designer.agents.reviser.understanding import Understanding
from foley_designer.core.revision.apply import apply
from foley_designer.memory import knowledge_base

REVISER = RulesReviser(knowledge_base.load())


def understood(session: str, say: str) -> Understanding:
    return REVISER.understand(say, edits.session(session))


def effects(session: str, operations: Any) -> set[tuple[str, str, object]]:
    before = edits.session(session).script
    return {tuple(one) for one in edits.effects(before, apply(before, operations))}


def done(session: str, say: str) -> set[tuple[str, str, object]]:
    meaning = understood(session, say)
    assert meaning.operations, meaning.unclear or meaning.question
    return effects(session, meaning.operations)


def offered(session: str, say: str) -> list[set[tuple[str, str, object]]]:
    meaning = understood(session, say)
    assert meaning.options, meaning
    return [effects(session, option.operations) for option in meaning.options]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1. bike -2 2. truck +1", "bike -2 ; truck +1"),
        ("the traffic down 6. thunder up 2", "the traffic down 6. thunder up 2"),
        ("AMB breeze -3 / FLIES out", "breeze -3; FLIES out"),
        ("00:00:04:02 cup - too hot", "cup at 00:00:04:02, too hot"),
        ("fork drop 7.2 -> 7.5", "fork drop 7.2 to 7.5"),
        ("hammer hits 2-4 down 2dB", "hammer hits 2 to 4 down 2 dB"),
        ("cart n porter down", "cart and porter down"),
        ("press minus one point five", "press -1.5"),
        ("down by twenty five percent", "down by 25 percent"),
        ("one door, two frames", "one door, two frames"),
        ("neon -inf", "neon mute"),
        ("the van out of the left speaker", "the van on the left"),
        ("whoever walks 2 dB quieter", "all footsteps 2 dB quieter"),
        ("tug back by 4", "tug down by 4"),
        ("anna 3-4 dB down", "anna 3-4 dB down"),
    ],
)
def test_notes_are_written_out(written: str, plain: str) -> None:
    assert plainly(written) == plain


@pytest.mark.parametrize(
    ("session", "say", "effect"),
    [
        ("heist", "make the fourth gunshot the loudest", {("level", "shots#4", 3.0)}),
        ("press", "halve the distance of the lever", {("distance", "lever", 0.5)}),
        ("interview", "Nina's trainers double the level", {("level", "nina", 6.02)}),
        ("ward", "the gown at 50 percent", {("level", "gown", -6.02)}),
        ("quay", "the foghorn at 42 down 2", {("level", "horn#2", -2.0)}),
        ("platform", "the middle door slam 2 dB up", {("level", "doors#2", 2.0)}),
        ("factory", "clock: only odd ticks", {("remove", f"clock#{n}") for n in (2, 4, 6, 8, 10)}),
        ("platform", "one less door slam, the middle one", {("remove", "doors#2")}),
        (
            "picnic",
            "cut the 4.2 and 9.3 chirps",
            {("remove", "sparrows#2"), ("remove", "sparrows#3")},
        ),
        ("laundry", "dryer till 15 only", {("length", "dryer", 15.0)}),
        (
            "wedding",
            "spoon taps at 9.0, 9.4 and 9.8 instead",
            {("time", "spoon#2", 0.1), ("time", "spoon#3", 0.2)},
        ),
        (
            "press",
            "guillotine: first cut 1 dB up, second 1 dB down",
            {("level", "knife#1", 1.0), ("level", "knife#2", -1.0)},
        ),
        (
            "crypt",
            "torch softer draught louder",
            {("level", "torch", -3.0), ("level", "draught", 3.0)},
        ),
        (
            "slapstick",
            "second pan plus 3 third pan plus 6",
            {("level", "pan#2", 3.0), ("level", "pan#3", 6.0)},
        ),
        ("picnic", "the lemonade pour is too long cut to one second", {("length", "pour", 1.0)}),
        ("kitchen", "the cup is too far right", {("pan", "cup", 15.0)}),
        ("farm", "what about the hens? bit too much", {("level", "hens", -1.5)}),
        ("heist", "the van on the right instead of left", {("panned to", "van", -30.0)}),
        ("quay", "the horn is twice as loud as it should be", {("level", "horn", -10.0)}),
    ],
)
def test_constructions_are_said_again(session: str, say: str, effect: Any) -> None:
    size = len(next(iter(effect)))
    found = {one[:size] for one in done(session, say)}
    assert effect <= found
    assert {who for _, who, *_ in found} == {who for _, who, *_ in effect}


def test_a_sound_is_put_to_the_time_of_another() -> None:
    slip, rate = 6.0, 24000 / 1001
    (found,) = done("wedding", "the cake should land five frames after the slip")
    assert found[:2] == ("time", "cake")
    assert found[2] == pytest.approx(slip + 5 / rate - 6.8, abs=1e-3)


def test_each_of_several_makes_room() -> None:
    found = done("kitchen", "duck the rain and the room 3 dB for Ben's steps")
    assert found == {("duck", "rain by ben", 3.0), ("duck", "room by ben", 3.0)}


def test_what_is_excepted_by_its_own_name_is_no_other() -> None:
    found = {who for _, who, _ in done("pond", "everything apart from heron and fish -3")}
    assert "reel" in found  # a fishing reel is no fish
    assert not found & {"heron", "fish"}


@pytest.mark.parametrize(
    ("session", "say", "readings"),
    [
        ("heist", "Alarm is louder than the gunshots, that can't be", 2),
        ("heist", "Tess and the rain: same level please", 2),
        ("farm", "halve the barn creak", 2),
        ("quay", "thin the halyards out", 3),
        ("interview", "the street down 3 or 4 dB", 2),
    ],
)
def test_two_readings_are_asked_about(session: str, say: str, readings: int) -> None:
    found = offered(session, say)
    assert len(found) == readings
    assert len({tuple(sorted(one)) for one in found}) == readings


def test_a_judgement_is_answered_with_what_it_may_ask_for() -> None:
    blamed = offered("kitchen", "the fridge is disgusting")
    assert {("level", "fridge", -3.0)} in blamed
    assert {("remove", "fridge")} in [{one[:2] for one in way} for way in blamed]
    praised = offered("factory", "the gate should scare us")
    assert {("level", "gate", 3.0)} in praised


@pytest.mark.parametrize(
    "say", ["the fridge is in Berlin", "the fridge on a Tuesday", "fridge 400"]
)
def test_no_judgement_is_none(say: str) -> None:
    assert not understood("kitchen", say).operations
    assert "What shall be done" not in understood("kitchen", say).question


def test_what_is_done_to_whole_sounds_is_asked_of_all_hits() -> None:
    (all_of_it,) = offered("platform", "whistle 1:50 more reverb")
    assert {one[:2] for one in all_of_it} == {("reverb", "whistle")}


def test_a_remark_about_what_goes_asks_for_nothing_more() -> None:
    assert {one[:2] for one in done("kitchen", "lose the coat? it's too loud")} == {
        ("remove", "coat")
    }


def test_the_nearest_shoe_is_offered_for_one_that_nobody_knows() -> None:
    shoes = [value for way in offered("wedding", "uncle in socks") for _, _, value in way]
    assert "barefoot" in shoes


def test_what_is_said_of_the_mix_is_of_each_sound() -> None:
    events = {event.id for event in edits.session("crypt").script.events}
    assert {who for _, who, _ in done("crypt", "less reverb overall")} == events
    faded = understood("shore", "fade the whole thing out over the last five seconds")
    assert not faded.operations, "a fade of the mix is none of its sounds'"


@pytest.mark.parametrize(
    ("session", "say"),
    [
        ("chase", "siren gets closer and closer"),
        ("wedding", "the cake splat wetter"),
        ("forest", "the dog sounds like it's in the next room"),
    ],
)
def test_what_grows_or_only_sounds_so_is_not_done(session: str, say: str) -> None:
    assert not understood(session, say).operations


def test_a_complaint_about_what_was_asked_for_asks_for_nothing_more() -> None:
    found = done("kitchen", "Could you bring Anna down a little? Her heels are too loud")
    assert found == {("level", "anna", -1.5)}


def test_a_reading_that_a_construction_speaks_against_is_asked_about() -> None:
    asked = understood("quay", "the foghorn its massive bring it way down")
    assert not asked.operations
