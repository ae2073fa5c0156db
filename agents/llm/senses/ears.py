"""Ears: what a model that mixes may listen to again, one track at a time.

``listen`` answers with the figures of a rendered track and its mel spectrogram, and with its sound
if the model hears.
"""

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from foley_designer.agents.llm import views
from foley_designer.core.files import inside
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.script.foley_script import FoleyScript

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

LISTEN = "listen"


class Heard(NamedTuple):
    """One track: its figures, its mel spectrogram as a JPEG file, and a WAV file."""

    figures: views.View
    jpeg: bytes
    wav: bytes


class Ears:
    """What was performed last.

    Args:
        folders: of the session's pictures, beside which small files to hear are kept.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._now: tuple[FoleyScript, Diagnosis] | None = None
        self._lock = Lock()

    def attend(self, script: FoleyScript, diagnosis: Diagnosis) -> None:
        """Listen to these takes or stems from here on."""
        with self._lock:
            self._now = (script, diagnosis)

    def listen(self, event_id: str) -> Heard | str:
        """One track, or what is wrong with the request."""
        with self._lock:
            now = self._now
        if now is None:
            return "Nothing has been performed yet."
        script, diagnosis = now
        known = [event.id for event in script.events]
        if event_id not in known:
            return f"There is no event {event_id[:60]!r}. Known: {', '.join(known)}."
        wav = self._file(views.heard_name(diagnosis, event_id))
        if wav is None:
            return "This track can't be heard any more."
        (figures,) = [
            view for view in views.track_views(script, diagnosis, None) if view["event"] == event_id
        ]
        hits = [round(hit.time_s, 3) for hit in script.event(event_id).hits[: views.MOST_TIMES]]
        seconds = script.clip.duration_s
        return Heard(figures | {"hits_at_s": hits}, _mel(wav, event_id, seconds), wav)

    def _file(self, name: str) -> bytes | None:
        for folder in self.folders:
            path = inside(folder / name, folder)
            if path.is_file():
                return path.read_bytes()
        return None


def _mel(wav: bytes, name: str, duration_s: float) -> bytes:
    """The mel spectrogram of one track as a JPEG file."""
    from foley_designer.export.report.mel_sheet import Lane, mel_sheet  # noqa: PLC0415 - heavy

    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(wav)
        file.flush()
        image = mel_sheet([Lane(name, Path(file.name), 0.0)], duration_s)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=90)
    return data.getvalue()


class ListenInput(BaseModel):
    """Which track."""

    event: str = Field(description="Id of the track's event.")


def listen_tool(ears: Ears) -> "StructuredTool":
    """The tool for one session; no path reaches the model."""
    from langchain_core.tools import StructuredTool, ToolException  # noqa: PLC0415 - heavy

    def listen(event: str) -> tuple[str, Heard]:
        heard = ears.listen(event)
        if isinstance(heard, str):
            raise ToolException(heard)
        return json.dumps(heard.figures), heard

    return StructuredTool(
        name=LISTEN,
        description=(
            "One track as it was rendered, at its fader: what was measured of it, its mel "
            "spectrogram alone, and its sound if you hear."
        ),
        args_schema=ListenInput,
        func=listen,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=True,
    )
