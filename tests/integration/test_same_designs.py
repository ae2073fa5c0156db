"""Five clips, designed as they were before: a change that means no other sound changes no byte.

``FOLEY_UPDATE_GOLDEN=1`` writes ``tests/golden/designs.json`` anew, with the machine that it was
written on. On a machine of that kind every file of a design must be the same, byte by byte; on
another, where libraries round otherwise, the events, their times and the levels of all sounds.
"""

import json
import os
import platform
import re
from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from digests import digests, visible

from benchmarks.yardstick.clip import render
from foley_designer import api
from foley_designer.core.files import file_hash
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.settings import Settings
from foley_designer.export.audio.wav import read_wav

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[1] / "golden" / "designs.json"
WINDOW = 12_000
"""Samples over which a level is taken: a quarter of a second."""
QUIET_DB = -70.0
"""What is quieter counts as silence."""


class Drawn(NamedTuple):
    """One clip, and the words that it is designed from."""

    actors: str
    words: str
    how: dict[str, Any]
    script: str = ""


CLIPS = {
    "anvil": Drawn("hammer", "a hammer strikes a steel anvil, rain on the roof", {}),
    "gravel": Drawn("walker", "a man walks on gravel at night, a dog barks", {"camera": "pan"}),
    "court": Drawn("ball", "a rubber ball bounces on a wooden floor", {"rate": Fraction(50)}),
    "street": Drawn(
        "car", "a car drives past on a wet street", {"rate": Fraction(30000, 1001), "seconds": 3.0}
    ),
    "smithy": Drawn(
        "hammer+walker",
        "",
        {"cuts_s": (1.2,)},
        "INT. SMITHY - DAY\n\nThe smith strikes the anvil. A woman walks past on concrete. "
        "A fire crackles.\n",
    ),
}


def designed(name: str, folder: Path) -> Path:
    """A design of a clip that is drawn for it."""
    drawn = CLIPS[name]
    how = {"rate": Fraction(24), "width": 320, "height": 180, "seconds": 2.4} | drawn.how
    render(drawn.actors, folder / f"{name}.mp4", **how)
    script = folder / "scene.fountain"
    if drawn.script:
        script.write_text(drawn.script)
    request = api.Request(
        clip=folder / f"{name}.mp4",
        script=script if drawn.script else None,
        description=drawn.words or None,
    )
    settings = Settings(data_dir=folder / "data", knowledge_dir=None, llm_model=None)
    api.design(request, folder / "session", settings=settings)
    return folder / "session"


def machine() -> str:
    """What the last digits of a sound depend on, beside our own code."""
    simd = np.show_config(mode="dicts")["SIMD Extensions"]  # type: ignore[call-overload]
    libraries = ("numpy", "scipy", "av", "opencv-python-headless", "pedalboard", "soundfile")
    return ", ".join(
        (
            f"{platform.system()} {platform.machine()} {'+'.join(simd.get('found', []))}",
            f"Python {platform.python_version()}",
            *(f"{name} {version(name)}" for name in libraries),
        )
    )


def levels(path: Path) -> Iterator[float]:
    """Level of each quarter of a second, all channels together, dBFS."""
    samples = read_wav(path).astype(np.float64)
    for start in range(0, samples.shape[1], WINDOW):
        power = float(np.mean(samples[:, start : start + WINDOW] ** 2))
        yield max(QUIET_DB, round(10 * np.log10(power + 1e-12), 1))


def seen(session: Path) -> dict[str, Any]:
    """A design in a few lines of JSON."""
    record = session / "session.json"  # it names the clip's place on this machine
    record.write_text(record.read_text().replace(str(session.parent), ""))
    script = FoleyScript.from_json((session / "script.json").read_bytes())
    return {
        "files": digests(session, visible),
        "clip": file_hash(next(session.parent.glob("*.mp4"))),
        "events": {
            event.id: [round(hit.time_s, 3) for hit in event.hits]
            or [[round(span.start_s, 3), round(span.end_s, 3)] for span in event.spans]
            for event in script.events
        },
        "levels": {
            str(path.relative_to(session)): list(levels(path))
            for path in sorted([*session.glob("*.wav"), *session.glob("stems/*.wav")])
        },
    }


def written(kept: dict[str, Any]) -> str:
    """As JSON with a list a line."""
    text = json.dumps(kept, indent=1)
    return re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), text) + "\n"


@pytest.fixture(scope="module")
def golden() -> Iterator[dict[str, Any]]:
    kept = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {"designs": {}}
    if os.environ.get("FOLEY_UPDATE_GOLDEN"):
        kept["machine"] = machine()
        yield kept
        kept["designs"] = {n: kept["designs"][n] for n in CLIPS if n in kept["designs"]}
        GOLDEN.write_text(written(kept))
    else:
        yield kept


@pytest.mark.parametrize("name", CLIPS)
def test_a_design_is_what_it_was(
    name: str, golden: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = bool(os.environ.get("FOLEY_UPDATE_GOLDEN"))
    for setting in [one for one in os.environ if one.startswith("FOLEY_")]:
        monkeypatch.delenv(setting)
    now = seen(designed(name, tmp_path))
    if anew:
        golden["designs"][name] = now
    was = golden["designs"][name]
    assert now["events"] == was["events"]
    assert now["levels"].keys() == was["levels"].keys()
    for file, told in was["levels"].items():
        assert now["levels"][file] == pytest.approx(told, abs=0.15), file
    if golden["machine"] != machine() or now["clip"] != was["clip"]:
        return
    files = now["files"].keys() | was["files"].keys()
    other = {file for file in files if now["files"].get(file) != was["files"].get(file)}
    assert not other, "if another sound is meant, run with FOLEY_UPDATE_GOLDEN=1"
