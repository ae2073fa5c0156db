"""Schemas in fewer tokens: titles that repeat names, and null spelt out, say nothing to a model."""

from typing import Any

_KEPT = frozenset({"properties", "enum", "required", "$defs"})
_SILENT = frozenset({"maxLength", "additionalProperties"})
"""What a model gains nothing from; the server checks it all the same."""


def compact(schema: Any) -> Any:
    """The same JSON Schema without titles, null defaults and unions with null alone."""
    if isinstance(schema, list):
        return [compact(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            found[key] = {name: compact(one) for name, one in value.items()}
        elif key in _KEPT:
            found[key] = value
        elif not _says_nothing(key, value, schema):
            found[key] = compact(value)
    return _without_null(found)


def _says_nothing(key: str, value: Any, schema: dict[str, Any]) -> bool:
    plain_enum = key == "description" and "enum" in schema
    empty = key == "default" and value in (None, [], "", {})
    return key in _SILENT or plain_enum or empty or (key == "title" and isinstance(value, str))


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """``anyOf`` of one schema and null as that schema: who has nothing to say leaves it out."""
    union = schema.get("anyOf", [])
    others = [one for one in union if one != {"type": "null"}]
    if len(others) == len(union) or len(others) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**others[0], **rest}
