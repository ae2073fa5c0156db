"""Recorded answers of a model that sees, written by looking at its sheets, and their replay.

A transcript in ``data/transcripts`` names its clip (``drawn`` with how it is drawn, or ``media``),
holds what was answered to each question, the strips that were asked for first (``looks``), and for
drawn clips which actor of the drawing each sound is (``actors``).

``PYTHONPATH=.:tests python -m transcripts FOLDER`` draws the clips and writes their sheets.
"""

import base64
import io
import json
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from chat_endpoint import Answer, Endpoint, parts_of, title_of
from PIL import Image

from benchmarks.yardstick.clip import YardstickTruth, render
from foley_designer.agents.llm.senses.eyes import Eyes, windows_of
from foley_designer.agents.roster import Team
from foley_designer.agents.team import assemble
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import load
from foley_designer.vision.observe import observe

FOLDER = Path(__file__).parent / "data" / "transcripts"
PICTURE_PX = 1024
"""Side of the sheets: three cells a row, as small as a reader can use."""


class Replayed(NamedTuple):
    """A script that was designed with recorded answers."""

    transcript: dict[str, Any]
    brief: Brief
    script: FoleyScript
    team: Team
    requests: list[dict[str, Any]]
    truth: YardstickTruth | None
    """Of a drawn clip."""

    @property
    def told(self) -> list[dict[str, Any]]:
        """The events that were answered."""
        return [event for reply in scribed(self.transcript) for event in reply["events"]]


def names(*, drawn: bool) -> list[str]:
    """Transcripts of drawn clips, or of local media."""
    kind = "drawn" if drawn else "media"
    return sorted(path.stem for path in FOLDER.glob("*.json") if kind in read(path.stem)["clip"])


def read(name: str) -> dict[str, Any]:
    """A transcript."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def scribed(transcript: dict[str, Any]) -> list[dict[str, Any]]:
    """The scribe's answers, one a window."""
    answered = transcript["answers"]["ScribeReply"]
    return answered if isinstance(answered, list) else [answered]


def clip_of(
    transcript: dict[str, Any], folder: Path, media: Path | None
) -> tuple[Path, YardstickTruth | None]:
    """The transcript's clip, drawn into a folder or found, and what a drawn one shows."""
    told = dict(transcript["clip"])
    if media_file := told.get("media"):
        assert media is not None
        return media / media_file, None
    path = folder / "clip.mp4"
    cuts = tuple(told.pop("cuts_s", ()))
    kind = told.pop("drawn")
    return path, render(kind, path, rate=Fraction(25), width=320, height=180, cuts_s=cuts, **told)


def replying(transcript: dict[str, Any]) -> Callable[[dict[str, Any]], Answer]:
    """Answers every question as recorded; the scribe looks first, where it did."""
    asked: Counter[str] = Counter()

    def answer(request: dict[str, Any]) -> Answer:
        title = title_of(request)
        looked = any(message["role"] == "tool" for message in request["messages"])
        if title == "ScribeReply" and transcript.get("looks") and not looked:
            return Answer(None, calls=[("look", json.dumps(one)) for one in transcript["looks"]])
        recorded = transcript["answers"].get(title, {"tracks": []})
        if isinstance(recorded, list):
            recorded = recorded[min(asked[title], len(recorded) - 1)]
        asked[title] += 1
        return Answer(json.dumps(recorded))

    return answer


def settings_of(transcript: dict[str, Any], endpoint: Endpoint, **more: Any) -> Settings:
    """A model that sees, and that may look where it did."""
    looks = bool(transcript.get("looks"))
    return Settings(
        **endpoint.settings,
        **{"llm_vision": True, "llm_tools": looks, "llm_picture_px": PICTURE_PX} | more,
    )


def replay(name: str, endpoint: Endpoint, folder: Path, media: Path | None = None) -> Replayed:
    """Scribe, validator, root and score with a transcript behind a real endpoint."""
    transcript = read(name)
    clip, truth = clip_of(transcript, folder, media)
    brief = Brief(observation=observe(clip), description=transcript.get("description"))
    endpoint.answer = replying(transcript)
    settings = settings_of(transcript, endpoint)
    team = assemble(settings, load(), clip=clip)
    text = team.scribe.propose(brief, None, ())
    assert team.validator.review(brief, text) == ()
    script = team.writer.root(brief, text)
    assert team.scorer.score(brief, text, script).total > settings.threshold
    return Replayed(transcript, brief, script, team, list(endpoint.requests), truth)


def tokens_of(request: dict[str, Any]) -> tuple[int, int]:
    """Tokens of a question's text, at four characters each, and of its pictures, at 750 pixels."""
    letters = sum(
        len(message["content"])
        for message in request["messages"]
        if isinstance(message["content"], str)
    )
    letters += len(json.dumps(request["tools"])) if request.get("tools") else 0
    pixels = 0
    for part in parts_of(request):
        if part["type"] == "text":
            letters += len(part["text"])
        elif part["type"] == "image_url":
            data = base64.b64decode(part["image_url"]["url"].partition(",")[2])
            with Image.open(io.BytesIO(data)) as picture:
                pixels += picture.width * picture.height
    return letters // 4, pixels // 750


def main() -> None:
    """Write the sheets of every drawn clip into a folder."""
    out = Path(sys.argv[1])
    for name in names(drawn=True):
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        clip, _ = clip_of(read(name), folder, None)
        brief, eyes = Brief(observation=observe(clip)), Eyes(clip, PICTURE_PX)
        for window in windows_of(brief.observation):
            for number, sheet in enumerate(eyes.sheets(brief, *window), start=1):
                assert isinstance(sheet.name, bytes)
                (folder / f"from_{window[0]:.0f}_s_{number}.jpg").write_bytes(sheet.name)


if __name__ == "__main__":
    main()
