"""What goes with a question: pictures and sounds as parts of the user's message."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.views import Picture, Sound
from foley_designer.core.files import inside

MOST_IMAGES = 6
_MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}

Content = str | list[str | dict[str, Any]]
"""Of a user's message: text alone, or parts."""


class Attachments:
    """Finds what a model may see and hear.

    Args:
        folders: that names of pictures and sounds refer to.
        sees: whether pictures are sent.
        hears: whether sounds that are files are sent; bytes always are.
        budget: counts what is shown.
    """

    def __init__(self, folders: Sequence[Path], budget: Budget, *, sees: bool, hears: bool) -> None:
        self.folders = tuple(folders)
        self.budget = budget
        self.sees, self.hears = sees, hears

    def message(
        self, text: str, images: Sequence[Picture], sounds: Sequence[Sound] = ()
    ) -> Content:
        """The user's message; what can't be had is left out."""
        parts: list[str | dict[str, Any]] = [{"type": "text", "text": text}]
        for name, caption in images[:MOST_IMAGES]:
            if url := self._url(name):
                self.budget.show()
                parts.append({"type": "text", "text": caption})
                parts.append({"type": "image_url", "image_url": {"url": url}})
        for name, caption in sounds:
            if (wav := self._wav(name)) is not None:
                self.budget.show("sounds")
                if caption:
                    parts.append({"type": "text", "text": caption})
                audio = {"data": base64.b64encode(wav).decode(), "format": "wav"}
                parts.append({"type": "input_audio", "input_audio": audio})
        return parts if len(parts) > 1 else text

    def _url(self, name: str | bytes) -> str | None:
        """A picture as a data URL; None if it can't be sent."""
        if not self.sees:
            return None
        media_type = "image/jpeg"
        if isinstance(name, str):
            media_type = _MEDIA_TYPES.get(Path(name).suffix.lower(), "")
        data = name if isinstance(name, bytes) else self._file(name)
        if data is None or not media_type:
            return None
        return f"data:{media_type};base64,{base64.b64encode(data).decode()}"

    def _wav(self, name: str | bytes) -> bytes | None:
        """A sound's file; None if it can't be sent."""
        if isinstance(name, bytes):
            return name
        return self._file(name) if self.hears else None

    def _file(self, name: str) -> bytes | None:
        """What one of the folders holds under a name."""
        paths = [inside(folder / name, folder) for folder in self.folders]
        return next((path.read_bytes() for path in paths if path.is_file()), None)
