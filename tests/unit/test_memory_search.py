"""Search by meaning: quality against a golden set, and the index behind it."""

import json
import re
import socket
from pathlib import Path
from typing import NamedTuple, NoReturn

import chromadb
import pytest
from chromadb.config import Settings

from foley_designer.memory.knowledge_base import Knowledge, load
from foley_designer.memory.lexical import Bm25

GOLDEN = Path(__file__).parents[1] / "golden" / "retrieval.json"


class Query(NamedTuple):
    query: str
    cards: tuple[str, ...]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="module")
def golden() -> list[Query]:
    rows = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return [Query(row["query"], tuple(row["cards"])) for row in rows]


def ids(knowledge: Knowledge, query: str, k: int = 3) -> list[str]:
    return [found.card.id for found in knowledge.search(query, k)]


def test_recall_at_three_on_the_golden_queries(knowledge: Knowledge, golden: list[Query]) -> None:
    assert len(golden) == 60
    hits = [set(query.cards) & set(ids(knowledge, query.query)) for query in golden]
    assert sum(map(bool, hits)) / len(golden) >= 0.9


def test_golden_queries_are_not_copied_from_the_cards(
    knowledge: Knowledge, golden: list[Query]
) -> None:
    """No four words in a row stand in the card that is to be found."""
    for query in golden:
        words = re.findall(r"[a-z']+", query.query)
        runs = {" ".join(words[i : i + 4]) for i in range(len(words) - 3)}
        for card_id in query.cards:
            card = knowledge.get(card_id)
            text = " . ".join((card.title, *card.triggers, card.body)).lower()
            plain = " ".join(re.findall(r"[a-z']+", text))
            assert not [run for run in runs if run in plain], query.query
    assert len({card_id for query in golden for card_id in query.cards}) >= 45


def test_results_are_ordered_bounded_and_repeatable(knowledge: Knowledge) -> None:
    found = knowledge.search("an old door that groans on its hinges", 20)
    similarities = [each.similarity for each in found]
    assert len(found) == 20
    assert similarities == sorted(similarities, reverse=True)
    assert all(-1 <= each <= 1 for each in similarities)
    assert found == load().search("an old door that groans on its hinges", 20)


def test_nothing_is_found_for_nothing(knowledge: Knowledge) -> None:
    assert knowledge.search("  ") == ()
    assert Knowledge(()).search("rain") == ()


def test_search_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[object] = []

    def refuse(_self: socket.socket, address: object) -> NoReturn:
        reached.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    assert ids(load(), "a storm far away")
    assert reached == []


@pytest.mark.slow
def test_the_index_on_disk_is_kept_until_cards_change(tmp_path: Path, knowledge: Knowledge) -> None:
    def collections() -> set[str]:
        client = chromadb.PersistentClient(str(tmp_path), Settings(anonymized_telemetry=False))
        return {str(collection.id) for collection in client.list_collections()}

    first = load(index_dir=tmp_path).search("rain on a roof")
    built = collections()
    assert len(built) == 1
    assert load(index_dir=tmp_path).search("rain on a roof") == first
    assert collections() == built
    fewer = Knowledge(knowledge.cards[:40], tmp_path)
    assert {found.card for found in fewer.search("rain on a roof", 40)} == set(fewer.cards)
    assert len(collections()) == 1
    assert collections() != built


@pytest.mark.slow
def test_an_index_that_another_process_replaced_still_answers(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    mine = load(index_dir=tmp_path)
    before = mine.search("a barking dog")
    Knowledge(knowledge.cards[:40], tmp_path).search("a barking dog")
    assert mine.search("a barking dog") == before


@pytest.mark.parametrize("damage", ["garbage", "a file"])
def test_an_index_that_cannot_be_used_is_kept_in_memory(
    tmp_path: Path, knowledge: Knowledge, damage: str
) -> None:
    folder = tmp_path / "index"
    if damage == "garbage":
        folder.mkdir()
        (folder / "chroma.sqlite3").write_bytes(b"garbage " * 512)
    else:
        folder.write_text("not a folder")
    assert load(index_dir=folder).search("thunder") == knowledge.search("thunder")


def test_bm25_prefers_the_rare_word() -> None:
    index = Bm25({"a": "the door slams", "b": "the door creaks", "c": "the door closes"})
    scores = index.scores("a creaking door")
    assert max(scores, key=scores.__getitem__) == "b"
    assert scores["a"] == scores["c"] > 0
    assert set(index.scores("thunder").values()) == {0.0}
