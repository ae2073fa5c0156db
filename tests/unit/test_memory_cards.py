"""The embedded cards and how a folder of cards is read."""

from collections import Counter
from pathlib import Path

import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.space import Space
from foley_designer.generator.synth.physics.engine import SynthEngine
from foley_designer.memory.card_files import read_card, read_folder
from foley_designer.memory.knowledge_base import EMBEDDED, Knowledge, load

SECTIONS = ("## Scenes", "## Layers", "## Spectrum", "## Level and distance", "## Mistakes")
FRONT = """title: Gong
subcategory: metal_impact
layer: foreground
triggers: [gong]
"""
BODY = "Strike it off centre with a soft mallet and let it bloom for seconds."


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def write(folder: Path, front: str = FRONT, body: str = BODY, name: str = "gong.md") -> Path:
    path = folder / name
    path.write_text(f"---\n{front}---\n{body}\n", encoding="utf-8")
    return path


def refusal(path: Path) -> FoleyError:
    with pytest.raises(FoleyError) as caught:
        read_card(path)
    assert caught.value.code is ErrorCode.CARD_INVALID
    assert caught.value.hint
    return caught.value


def test_cards_cover_every_subcategory(knowledge: Knowledge) -> None:
    assert len(knowledge.cards) >= 80
    assert {card.subcategory for card in knowledge.cards} == set(Subcategory)


def test_every_card_tells_the_whole_story(knowledge: Knowledge) -> None:
    for card in read_folder(EMBEDDED):
        assert all(section in card.body for section in SECTIONS), card.id
        assert len(card.body.split()) >= 60, card.id
        assert card.sources, card.id
        assert card.moods, card.id


def test_no_two_cards_share_a_trigger(knowledge: Knowledge) -> None:
    counts = Counter(trigger for card in knowledge.cards for trigger in card.triggers)
    assert [trigger for trigger, count in counts.items() if count > 1] == []


def test_every_trigger_finds_its_card(knowledge: Knowledge) -> None:
    for card in knowledge.cards:
        for trigger in card.triggers:
            if not trigger.startswith("not "):
                found = {mention.card_id for mention in knowledge.match(trigger.replace("...", ""))}
                assert card.id in found, trigger


def test_the_embedded_engine_knows_the_cards_words(knowledge: Knowledge) -> None:
    """Words without a sound of their own in the engine are there for the UCS id."""
    for_ucs = {("friction-rope", "rope"), ("door-gate", "metal")}
    vocabulary = SynthEngine().vocabulary()
    for card in knowledge.cards:
        play = card.performance
        words = {"variant": play.variant, "surface": play.surface, "material": play.material}
        for role, word in words.items():
            known = word is None or word in vocabulary[card.subcategory][role]
            assert known or (card.id, word) in for_ucs, f"{card.id}: {role} {word}"


def test_every_space_has_its_bed(knowledge: Knowledge) -> None:
    for space in set(Space) - {Space.CAR, Space.UNKNOWN}:
        mentions = knowledge.match(space.value.replace("_", " "))
        beds = {knowledge.get(mention.card_id).subcategory for mention in mentions}
        assert beds == {Subcategory.AMBIENCE}, space
    assert [mention.card_id for mention in knowledge.match("in the car")] == ["ambience-car"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A hammer forges a spoon.", ["metal-hammer"]),
        ("She slams the heavy door.", ["door-slam"]),
        ("Boots crunch on gravel while a dog barks.", ["footsteps-gravel", "animal-dog"]),
        ("Someone chops carrots; the clock ticks.", ["chop-vegetables", "mechanism-clock"]),
        ("A dog sleeps on the rug. He leans on his walking stick.", []),
        ("He falls to the ground; she kicks her shoes off.", ["body-fall"]),
        ("The leaves rustle. No thunder.", ["wind-trees"]),
        ("Rain on the tin roof, a train in the distance", ["rain-roof", "vehicle-train"]),
        ("He fires his rifle and the glass shatters.", ["gunshot-rifle", "glass-break"]),
    ],
)
def test_plain_descriptions_call_the_right_cards(
    knowledge: Knowledge, text: str, expected: list[str]
) -> None:
    assert [mention.card_id for mention in knowledge.match(text)] == expected


def test_a_users_card_replaces_by_id_and_wins_a_shared_trigger(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    write(tmp_path, FRONT.replace("gong]", "bark]"), name="animal-dog.md")
    write(tmp_path, FRONT.replace("gong]", "door slam]"), name="my-slam.md")
    own = load(tmp_path)
    assert own.get("animal-dog").title == "Gong"
    assert len(own.cards) == len(knowledge.cards) + 1
    assert [mention.card_id for mention in own.match("A door slams.")] == ["my-slam"]
    assert own.hash != knowledge.hash
    with pytest.raises(KeyError):
        own.get("no-such-card")


def test_the_hash_follows_the_cards_alone(knowledge: Knowledge) -> None:
    assert load().hash == knowledge.hash


def test_a_readme_is_no_card(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "README.md").write_text("Mine.")
    assert [card.id for card in read_folder(tmp_path)] == ["gong"]


@pytest.mark.parametrize(
    ("front", "line", "words"),
    [
        (FRONT.replace("metal_impact", "gongs"), 3, "subcategory"),
        (FRONT.replace("[gong]", "[]"), 5, "triggers"),
        (FRONT.replace("[gong]", "[Gong]"), 5, "'Gong'"),
        (FRONT.replace("[gong]", "[gong ...]"), 5, "gong ..."),
        (FRONT.replace("[gong]", "[the]"), 5, "'the'"),
        (FRONT.replace("[gong]", "[gong!]"), 5, "'gong!'"),
        (FRONT + "volume: 3\n", 6, "volume"),
        (FRONT + "level_lu: 60\n", 6, "level_lu"),
        (FRONT + "performance: {force: 2}\n", 6, "performance.force"),
        (FRONT + "low_hz: 9000\nhigh_hz: 100\n", 6, "low_hz"),
        (FRONT + "id: gong\n", 6, "file's name"),
        (FRONT.replace("Gong", "Gong: big"), 2, "mapping"),
        ("- a\n- b\n", 2, "fields"),
        (FRONT.replace("title: Gong\n", ""), 1, "title"),
    ],
)
def test_a_bad_field_is_told_with_its_line(
    tmp_path: Path, front: str, line: int, words: str
) -> None:
    error = refusal(write(tmp_path, front))
    assert error.message.startswith(f"gong.md, line {line}: ")
    assert words in error.message


def test_bad_files_are_told(tmp_path: Path) -> None:
    no_front = tmp_path / "a-plain.md"
    no_front.write_text("Just prose.")
    assert "front matter" in refusal(no_front).message
    latin = tmp_path / "b-latin.md"
    latin.write_bytes(b"---\ntitle: G\xf6ng\n---\n")
    assert "UTF-8" in refusal(latin).message
    large = write(tmp_path, body="x" * 70_000, name="c-large.md")
    assert "bytes" in refusal(large).message
    assert "id" in refusal(write(tmp_path, name="Über Gong.md")).message
    assert "body" in refusal(write(tmp_path, body="Short.", name="d-short.md")).message


def test_a_missing_folder_and_an_unknown_follower_are_told(tmp_path: Path) -> None:
    with pytest.raises(FoleyError, match="not there"):
        load(tmp_path / "absent")
    write(tmp_path, FRONT + "follows: [mallet]\n")
    with pytest.raises(FoleyError, match="mallet"):
        load(tmp_path)
