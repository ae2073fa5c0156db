"""YAML 1.2's core schema over PyYAML, which reads YAML 1.1: no dates, no base 60, no ``no``."""

import re
from typing import Any

import yaml

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_PLAIN = (  # YAML 1.2.2, section 10.3.2
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
)


class Loader(_BASE):  # type: ignore[misc]
    """Makes null, true, false, numbers, texts, lists and mappings, and nothing else."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    yaml_constructors = {
        key: value
        for key, value in _BASE.yaml_constructors.items()
        if key is None or str(key).removeprefix(_TAG) in ("null", "bool", "float", "str", "seq")
    }

    def whole(self, node: Any) -> int:
        """An integer as YAML 1.2 writes it; 010 is ten."""
        text = self.construct_scalar(node)
        bases = {"0o": 8, "0x": 16}
        return int(text, bases.get(text[:2], 10))

    def mapping(self, node: Any) -> dict[Any, Any]:
        """A mapping whose keys are texts or numbers, each once."""
        made: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, dict | list) or key in made:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r:.60} stands twice or is no name", key_node.start_mark
                )
            made[key] = self.construct_object(value_node, deep=True)
        return made


for _name, _pattern, _first in _PLAIN:
    for _letter in _first.replace("\0", ""):
        Loader.yaml_implicit_resolvers.setdefault(_letter, []).append(
            (_TAG + _name, re.compile(rf"(?:{_pattern})\Z"))
        )
Loader.yaml_implicit_resolvers[""] = [(f"{_TAG}null", re.compile(r"\Z"))]
Loader.add_constructor(f"{_TAG}int", Loader.whole)
Loader.add_constructor(f"{_TAG}map", Loader.mapping)


def refuse_odd(text: str, deepest: int) -> None:
    """Go over the text's events, which needs no stack, for what a loader must not be given.

    Raises:
        yaml.MarkedYAMLError: an anchor, an alias, a tag, or nesting beyond ``deepest``.
    """
    depth = 0
    event: Any
    for event in yaml.parse(text, _BASE):
        odd = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            odd = "anchors (& and *) are not read; quote the text"
        elif (getattr(event, "tag", None) or "!") != "!":
            odd = "tags (!) are not read; quote the text"
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            odd = f"nested more than {deepest} levels deep" if depth > deepest else ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if odd:
            raise yaml.MarkedYAMLError(problem=odd, problem_mark=event.start_mark)
