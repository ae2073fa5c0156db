"""What is no edit: a wish for good, a name for a version, and calling one back."""

import re

from foley_designer.agents.reviser.understanding import Understanding
from foley_designer.core.errors import FoleyError
from foley_designer.memory.preferences import Preference, Preferences

_NAME = re.compile(
    r"(?:please )?(?:call|name|save|keep|remember|bookmark) (?:this|it|that)"
    r"(?: (?:one|take|version|revision|mix))?(?: as)?,? (?!as |where |how |the way |but |and )(.+)",
    re.IGNORECASE,
)
_BACK_TO = re.compile(
    r"(?:please )?(?:(?:go |switch )?back to|restore|recall)(?: the)?"
    r" (?:(?:take|version|revision|mix) (.+)|(['\"“‘].+))",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"(?:(?:from now on|in (?:the )?future|always|generally),? )?(?:(?:when|if) i say )?,?"
    r"['\"]?(quieter|softer|louder|earlier|later|drier|wetter)['\"]?,?"
    r" (?:means?|i mean|is|should mean) (\d+(?:\.\d+)?) ?(db|ms|milliseconds?|decibels?)"
)
_KEYS = {
    "quieter": "quieter_db",
    "softer": "quieter_db",
    "louder": "louder_db",
    "earlier": "earlier_ms",
    "later": "earlier_ms",
    "drier": "reverb_db",
    "wetter": "reverb_db",
}


def stated(request: str) -> Understanding | None:
    """A preference, a name or a version called back; None for an edit."""
    text = " ".join(request.lower().replace("’", "'").split()).strip(" .!")
    if found := _MEANS.fullmatch(text):
        return _preference(found, request)
    said = request.strip().rstrip(".!")
    if (called := _NAME.fullmatch(said)) and (name := _called(called)):
        return Understanding(command="name", name=name)
    if (back := _BACK_TO.fullmatch(said)) and (name := _called(back)):
        return Understanding(command="restore", name=name)
    return None


def _called(found: re.Match[str]) -> str:
    """The name in a request, without its quotation marks."""
    return next(part for part in found.groups() if part).strip(" '\"“”‘’.")


def _preference(found: re.Match[str], request: str) -> Understanding:
    """What a comparative word shall mean, if it lies in its range."""
    key, value, unit = _KEYS[found[1]], float(found[2]), found[3]
    if key.endswith("_db") != unit.startswith("d"):
        return Understanding(unclear=f"{found[1]} isn't counted in {unit}.")
    try:
        Preferences().set(key, value)
    except FoleyError as error:
        return Understanding(unclear=error.message)
    preference = Preference(key=key, value=value, statement=request[:500])
    return Understanding(preference=preference)
