"""The Fountain parser against screenplain, on our own script and on any that lie about."""

import os
import re
from pathlib import Path

import pytest

from foley_designer.core.script.screenplay import ElementKind
from foley_designer.screenplay import open_script

pytestmark = pytest.mark.oracle
fountain = pytest.importorskip("screenplain.parsers.fountain")

SCRIPT = """Title: The Forge
Author: Nobody

INT. SMITHY, FORGE - NIGHT #12#

Rain drums on the roof. [[ask for
the roof's
material]] A SMITH hammers
a *glowing* blade.

SMITH (V.O.)
(quietly)
It _rings_.

APPRENTICE ^
Yes.

Yes, master.

/*
INT. NOWHERE - DAY

Nobody.
*/

CUT TO:

# Act two

= The escape

.THE ROAD

!BOOTS ON GRAVEL

> a centred line <

> FADE TO BLACK

EXT. ROAD - DAY

Not [[a note

because of the gap]] here.

@McCoy
Run!

INTERIOR MONOLOGUE IS NO HEADING.

~Sung by all
~together
"""


def theirs(path: Path) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    with path.open(encoding="utf-8-sig") as file:
        for part in fountain.parse(file):
            name = type(part).__name__
            if name == "Slug":
                rows.append(("heading", str(part.line)))
            elif name == "Action":
                rows.append(("action", "\n".join(str(line) for line in part.lines)))
            elif name == "Transition":
                rows.append(("transition", str(part.line)))
            for speech in {"Dialog": [part], "DualDialog": ["left", "right"]}.get(name, []):
                spoken = getattr(part, speech) if isinstance(speech, str) else speech
                rows.append(("character", str(spoken.character)))
                kinds = ("dialogue", "parenthetical")
                rows += [(kinds[bool(aside)], str(text)) for aside, text in spoken.blocks]
    return plain(rows)


def ours(path: Path) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for scene in open_script(path).screenplay.scenes:
        rows.append(("heading", scene.heading))
        rows += [(element.kind.value, element.text) for element in scene.elements]
    return plain(rows)


def plain(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Kinds and texts without white space and emphasis; FADE lines as the transitions they are."""
    tidy = [(kind, re.sub(r"[*_\\]|\s+", " ", text).split()) for kind, text in rows]
    return [
        (ElementKind.TRANSITION.value if words[0] == "FADE" else kind, " ".join(words))
        for kind, words in tidy
        if words
    ]


def test_our_script_agrees(tmp_path):
    path = tmp_path / "forge.fountain"
    path.write_text(SCRIPT)
    lyrics = [row for row in ours(path) if row[1] in ("Sung by all", "together")]
    assert lyrics == [("dialogue", "Sung by all"), ("dialogue", "together")]
    heads = [row for row in ours(path) if row not in lyrics]
    assert heads == [row for row in theirs(path) if not row[1].startswith("~")]


def test_scripts_that_lie_about_agree():
    folder = os.environ.get("FOLEY_SCRIPTS")
    if not folder:
        pytest.skip("no scripts: set FOLEY_SCRIPTS to a folder of .fountain files")
    agree = total = 0
    for path in sorted(Path(folder).glob("*.fountain")):
        left, right = ours(path), theirs(path)
        agree += len(set(left) & set(right))
        total += len(set(left) | set(right))
    assert agree >= 0.99 * total
