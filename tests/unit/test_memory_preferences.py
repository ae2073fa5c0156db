import json
from pathlib import Path

import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.memory import preferences
from foley_designer.memory.preferences import FILE_NAME, KINDS, Preferences


def test_defaults_hold_where_nothing_was_stated(tmp_path: Path) -> None:
    stated = preferences.load(tmp_path)
    assert stated == Preferences()
    assert stated.number("quieter_db") == 3.0
    assert [each.key for each in stated.list()] == list(KINDS)


def test_what_is_stated_lasts_and_can_be_forgotten(tmp_path: Path) -> None:
    stated = Preferences().set("quieter_db", 6, "quieter means 6 dB", "r0004").set("shoe", "boots")
    preferences.save(stated, tmp_path)
    read = preferences.load(tmp_path)
    assert read == stated
    assert read.number("quieter_db") == 6.0
    kept = read.get("quieter_db")
    assert kept is not None
    assert (kept.statement, kept.revision) == ("quieter means 6 dB", "r0004")
    assert read.word("shoe") == "boots"
    assert read.forget("quieter_db").number("quieter_db") == 3.0
    assert read.forget("quieter_db").word("shoe") == "boots"


def test_the_last_statement_holds() -> None:
    stated = Preferences().set("quieter_db", 6.0).set("quieter_db", 4.0)
    assert stated.number("quieter_db") == 4.0
    assert len(stated.stated) == 1


def test_a_person_may_edit_the_file(tmp_path: Path) -> None:
    preferences.save(Preferences().set("quieter_db", 6.0), tmp_path)
    path = tmp_path / FILE_NAME
    data = json.loads(path.read_text())
    data["stated"][0]["value"] = 9
    path.write_text(json.dumps(data))
    assert preferences.load(tmp_path).number("quieter_db") == 9.0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("quietr_db", 6.0),
        ("quieter_db", 60.0),
        ("quieter_db", float("nan")),
        ("quieter_db", "much"),
        ("shoe", 6.0),
        ("shoe", ""),
        ("target", "loud"),
    ],
)
def test_what_makes_no_sense_is_refused(key: str, value: float | str) -> None:
    with pytest.raises(FoleyError) as caught:
        Preferences().set(key, value)
    assert caught.value.code is ErrorCode.OPTION_INVALID
    assert key in caught.value.message


def test_unknown_keys_are_told_with_the_known_ones() -> None:
    for ask in (Preferences().value, Preferences().get, Preferences().forget):
        with pytest.raises(FoleyError, match="quieter_db"):
            ask("quietr_db")


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("{")
    with pytest.raises(FoleyError, match=FILE_NAME) as caught:
        preferences.load(tmp_path)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
    assert path.read_text() == "{"


def test_defaults_are_valid_values() -> None:
    for key, kind in KINDS.items():
        assert Preferences().set(key, kind.default).value(key) == kind.default
