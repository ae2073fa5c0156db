"""Schemas in fewer tokens: titles that repeat names, and null spelt out, say nothing to a model."""

import json
from typing import Any

_KEPT = frozenset({"properties", "enum", "required", "$defs"})
_TOLD = 1e9
_LONG = 20
"""Items of a list that nobody reaches by chance."""
_SILENT = frozenset({"maxLength", "additionalProperties", "pattern"})
"""What a model gains nothing from; the server checks it all the same."""


def compact(schema: dict[str, Any]) -> dict[str, Any]:
    """The same JSON Schema without titles, null defaults and unions with null alone.

    What is named once stands where it is named.
    """
    text = json.dumps(schema)
    once = {
        f"#/$defs/{name}": one
        for name, one in schema.get("$defs", {}).items()
        if text.count(f'"#/$defs/{name}"') == 1
    }
    found = dict(_compact(_inlined(schema, once)))
    left = {k: v for k, v in found.get("$defs", {}).items() if f"#/$defs/{k}" not in once}
    found.pop("$defs", None)
    return {"$defs": left, **found} if left else found


def _inlined(schema: Any, once: dict[str, Any]) -> Any:
    """The schema with some of its references replaced by what they name."""
    if isinstance(schema, list):
        return [_inlined(one, once) for one in schema]
    if not isinstance(schema, dict):
        return schema
    named = once.get(schema.get("$ref", ""), {})
    return {
        **(_inlined(named, once) if named else {}),
        **{k: _inlined(v, once) for k, v in schema.items() if not (named and k == "$ref")},
    }


def _compact(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_compact(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            found[key] = {name: _compact(one) for name, one in value.items()}
        elif key in _KEPT:
            found[key] = value
        elif not _says_nothing(key, value, schema):
            found[key] = _compact(value)
    return _without_null(_alike(found))


def _says_nothing(key: str, value: Any, schema: dict[str, Any]) -> bool:
    plain_enum = key == "description" and "enum" in schema
    empty = key == "default" and _is_empty(value)
    if key == "type" and "enum" in schema:
        return True  # its values say it
    if key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        return bool(abs(value) > _TOLD)  # the range of a machine's integers
    if key in ("minItems", "maxItems") and "prefixItems" not in schema:
        return bool(value == 1 or value >= _LONG)
    return key in _SILENT or plain_enum or empty or (key == "title" and isinstance(value, str))


def _is_empty(value: Any) -> bool:
    """Whether a default says nothing, or holds nothing but what says nothing."""
    if isinstance(value, dict):
        return all(_is_empty(one) for one in value.values())
    return value in (None, [], "", False)


def _alike(schema: dict[str, Any]) -> dict[str, Any]:
    """A row of items that are all alike as one kind of item; its length is told beside."""
    row = schema.get("prefixItems", [])
    if not row or any(one != row[0] for one in row):
        return schema
    return {key: one for key, one in schema.items() if key != "prefixItems"} | {"items": row[0]}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """``anyOf`` of one schema and null as that schema: who has nothing to say leaves it out."""
    union = schema.get("anyOf", [])
    others = [one for one in union if one != {"type": "null"}]
    if len(others) == len(union):
        return schema
    if len(others) != 1:
        return schema | {"anyOf": others}
    silent = {"anyOf", "description"} if "enum" in others[0] else {"anyOf"}
    rest = {key: value for key, value in schema.items() if key not in silent}
    return {**others[0], **rest}
