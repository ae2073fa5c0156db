"""The worked example of docs/knowledge.md does what the page says."""

import re
from pathlib import Path

import pytest

from foley_designer.core.card import Card
from foley_designer.memory.knowledge_base import Knowledge, load

PAGE = (Path(__file__).parents[2] / "docs" / "knowledge.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```markdown\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    folder = tmp_path_factory.mktemp("cards")
    for name, text in EXAMPLE.findall(PAGE):
        (folder / name).write_text(text, encoding="utf-8")
    return load(folder)


def test_the_example_is_called_up_by_words(knowledge: Knowledge) -> None:
    sentence = "Aunt May sits down in her bamboo chair."
    assert sentence in PAGE
    assert "chair-bamboo" in {mention.card_id for mention in knowledge.match(sentence)}
    assert knowledge.match("She sits with a bamboo flute.") == ()


def test_the_example_is_found_by_meaning(knowledge: Knowledge) -> None:
    query = "the wicker seat gives a little as she leans back"
    assert query in PAGE
    assert knowledge.search(query)[0].card.id == "chair-bamboo"


def test_the_page_names_every_field() -> None:
    fields = set(Card.model_fields) - {"id", "body"}
    assert [field for field in sorted(fields) if f"`{field}`" not in PAGE] == []


def test_the_pages_trigger_examples_hold(knowledge: Knowledge) -> None:
    def ids(text: str) -> list[str]:
        return [mention.card_id for mention in knowledge.match(text)]

    assert ids("He opens his door.") == ["door-open"]
    assert ids("walks slowly along the wet gravel") == ["footsteps-gravel"]
    assert ids("two trains") == ["vehicle-train"]
    assert ids("training") == []
    assert ids("No rain, without thunder, it isn't raining.") == []
