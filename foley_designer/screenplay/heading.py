"""Scene headings: what they are, and their parts."""

import re

from foley_designer.core.script.screenplay import ScriptScene
from foley_designer.screenplay.text import word_set

_PREFIX = re.compile(
    r"\s*(?:(?P<number>[A-Z]?\d{1,4}[A-Z]{0,2})[.):]?\s+)?"
    r"(?P<prefix>int\.?\s?/\s?ext|ext\.?\s?/\s?int|i\.?/e|int|ext|est)"
    r"(?P<dot>\.|\s)\s*(?P<rest>\S.*)",
    re.IGNORECASE,
)
"""A shooting script prints the scene's number before its heading, and often behind it too."""
_NUMBER = re.compile(r"\s*#[\w.\-]{1,12}#\s*$")
_DASH = re.compile(r"\s[-–—]+\s|\s?[—–]\s?")
_TIMES = word_set(
    "day night dawn dusk morning afternoon evening noon midday midnight sunrise sunset twilight "
    "later continuous moments same"
)


def is_heading(line: str) -> bool:
    """Whether a line opens a scene by the Fountain rule: INT, EXT, EST, INT/EXT or I/E.

    In lower case the dot is asked for: ``Ext. hall`` is a heading, ``int the end`` is not.
    """
    match = _PREFIX.match(line)
    if match is None:
        return False
    return line.isupper() or match["prefix"].isupper() or match["dot"] == "."


def scene_from(heading: str, line: int) -> ScriptScene:
    """An empty scene from its heading, such as ``INT. SMITHY, FORGE - NIGHT #12#``."""
    heading = _NUMBER.sub("", heading).strip()
    match = _PREFIX.match(heading)
    if match and match["number"]:
        heading = re.sub(rf"\s+{re.escape(match['number'])}\.?$", "", heading)
        heading = heading[match.start("prefix") :].strip()
        match = _PREFIX.match(heading)
    rest = match["rest"] if match else heading
    parts = [part.strip() for part in _DASH.split(rest) if part.strip()]
    time_of_day = parts.pop() if len(parts) > 1 and _is_time(parts[-1]) else ""
    return ScriptScene(
        heading=heading,
        interior=_interior(match["prefix"]) if match else None,
        place=" - ".join(parts),
        time_of_day=time_of_day.lower(),
        line=line,
    )


def _interior(prefix: str) -> bool | None:
    """INT is True, EXT and EST False, both None."""
    letters = prefix.lower().replace(".", "").replace(" ", "")
    return {"int": True, "ext": False, "est": False}.get(letters)


def _is_time(part: str) -> bool:
    return not _TIMES.isdisjoint(re.findall(r"[a-z]+", part.lower()))
