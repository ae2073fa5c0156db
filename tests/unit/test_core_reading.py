"""One way in for each text format: plain values, or `UnreadableError`, whatever is in the text."""

from datetime import date

import pytest

from foley_designer.core.reading import UnreadableError, read_json, read_toml, read_yaml


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 70 + "]" * 70,
        "NaN",
        "-Infinity",
        f'{{"a": {"9" * 5000}}}',
        "",
        "{",
        "\0",
    ],
)
def test_json_that_is_none(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_json(text)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b'"\xc3"', b"\x80"])
def test_json_that_is_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_json(data)


@pytest.mark.parametrize("text", ["a = " + "[" * 10_000, "a = " + "9" * 5000, "a", "a=1\na=2"])
def test_toml_that_is_none(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_toml(text)


def test_toml_keeps_its_dates() -> None:
    assert read_toml("a = 1979-05-27") == {"a": date(1979, 5, 27)}


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "9" * 5000,
        "a: \x01",
        "a: &x [1]\nb: *x",
        "a: !!python/object/apply:os.system [x]",
        "a: !!binary x",
        "a: !!timestamp x",
        "[" * 100_000,
        "- " * 100,
        "a: 1\na: 2",
        "? [a]\n: b",
        'a: "\\ud800"',
        "--- a\n--- b",
        "a: [",
    ],
)
def test_yaml_that_is_none_of_ours(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_yaml(text)


def test_yaml_has_no_surprises() -> None:
    text = (
        "day: 2020-01-01\nno: no\ntime: 1:30\ncount: 010\nshare: .5\nunset:\nyes: true\nhex: 0x1F"
    )
    assert read_yaml(text) == {
        "day": "2020-01-01",
        "no": "no",
        "time": "1:30",
        "count": 10,
        "share": 0.5,
        "unset": None,
        "yes": True,
        "hex": 31,
    }
