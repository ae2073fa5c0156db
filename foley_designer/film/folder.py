"""A film's folder: its document with all earlier ones, scenes' sessions, reels, and a lock."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from foley_designer.core.documents import Ref, ref
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded, replacing, sweep, write_text, writing_error
from foley_designer.core.reading import UnreadableError, read_bytes, read_json
from foley_designer.core.session.links import refuse_links
from foley_designer.core.session.session import Session
from foley_designer.core.session.store import Store
from foley_designer.core.work.ledger import Ledger
from foley_designer.core.work.locks import held
from foley_designer.film.model import Film, Reel
from foley_designer.vision.skim import FINGERPRINT, Fingerprints


class FilmFolder:
    """The files of one film.

    Args:
        root: the folder; it need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self.root = expanded(root).absolute()
        self.hidden = self.root / ".film"
        self.store = Store(self.hidden)

    @property
    def film_file(self) -> Path:
        """``film.json``: the current cut."""
        return self.root / "film.json"

    @property
    def bible_file(self) -> Path:
        """``bible.yaml``."""
        return self.root / "bible.yaml"

    @property
    def history_file(self) -> Path:
        """The cuts so far, oldest first; the last is the current one."""
        return self.hidden / "cuts.json"

    @property
    def ledger_file(self) -> Path:
        """What was made of each scene."""
        return self.hidden / "ledger.sqlite"

    def scene(self, scene_id: str) -> Session:
        """A scene's session."""
        return Session(self.root / "scenes" / scene_id)

    def picture(self, scene_id: str) -> Path:
        """The picture of a scene, cut from its reel."""
        return self.root / "scenes" / scene_id / "picture.mp4"

    def reel(self, reel: Reel) -> Session:
        """A reel as it is delivered."""
        return Session(self.root / "reels" / reel.name)

    def scenes_file(self, reel: Reel | int) -> Path:
        """The reel's scenes as a person reads and edits them."""
        number = reel if isinstance(reel, int) else reel.number
        return self.root / f"reel{number}_scenes.yaml"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the film against other processes; what a killed one left unfinished goes.

        Raises:
            FoleyError: ``session_busy``; ``path_not_allowed`` if a link leads out of the
                folder; ``output_not_writable``, ``disk_full``.
        """
        try:
            refuse_links(self.root)
            (self.hidden / "objects").mkdir(parents=True, exist_ok=True)
            busy = f"Another process works on {self.root}."
            with held(
                self.hidden / "lock", busy, "Wait until it is done, or choose another --out."
            ):
                sweep(self.root)
                sweep(self.hidden)
                yield
        except OSError as error:
            raise writing_error(error, self.root) from error

    def ledger(self) -> Ledger:
        """The film's ledger, open."""
        return Ledger(self.ledger_file)

    def film(self) -> Film | None:
        """The current cut, or None; raises as `refuse_links` and `Document.from_json`."""
        refuse_links(self.root)
        if not self.film_file.is_file():
            return None
        return Film.from_json(self.film_file.read_bytes())

    def made(self) -> Film:
        """The current cut.

        Raises:
            FoleyError: ``session_not_found``; as `film`.
        """
        film = self.film()
        if film is None:
            raise FoleyError(
                ErrorCode.SESSION_NOT_FOUND,
                f"{self.root} holds no film.",
                "Make one: foley-designer film REEL --script SCRIPT --out FOLDER.",
            )
        return film

    def cuts(self) -> list[Ref[Film]]:
        """The cuts so far, oldest first.

        Raises:
            FoleyError: ``document_invalid``.
        """
        if not self.history_file.is_file():
            return []
        try:
            told = read_json(read_bytes(self.history_file))
        except UnreadableError:
            told = None
        if not isinstance(told, list) or not all(_is_hash(one) for one in told):
            raise FoleyError(
                ErrorCode.DOCUMENT_INVALID,
                f"{self.history_file} is no list of cuts.",
                "Remove it: the current cut stays, and undo knows none before it.",
            )
        return [ref(Film, one) for one in told]

    def commit(self, film: Film) -> None:
        """Make this the current cut; an equal one changes nothing."""
        cuts = self.cuts()
        digest = self.store.put(film)
        if not cuts or cuts[-1] != digest:
            write_text(self.history_file, json.dumps([*cuts, digest]) + "\n")
        write_text(self.film_file, film.to_json())

    def amend(self, film: Film) -> None:
        """Put a cut in the place of the current one."""
        write_text(self.history_file, json.dumps(self.cuts()[:-1]) + "\n")
        self.commit(film)

    def undo(self) -> Film:
        """Go back to the cut before the current one.

        Raises:
            FoleyError: ``revision_invalid`` if there is none.
        """
        cuts = self.cuts()
        if len(cuts) < 2:
            raise FoleyError(
                ErrorCode.REVISION_INVALID, "There is no earlier cut.", "It is the first one."
            )
        film = self.store.get(Film, cuts[-2])
        write_text(self.film_file, film.to_json())
        write_text(self.history_file, json.dumps(cuts[:-1]) + "\n")
        return film

    def keep_fingerprints(self, clip_sha256: str, prints: Fingerprints) -> None:
        """Keep a reel's fingerprints."""
        with replacing(self._prints_file(clip_sha256)) as temporary:
            np.save(temporary, prints)

    def fingerprints(self, clip_sha256: str) -> Fingerprints | None:
        """A reel's fingerprints, read from disk where they are used; None for none that fit."""
        path = self._prints_file(clip_sha256)
        if not path.is_file():
            return None
        try:
            prints: Fingerprints = np.load(path, mmap_mode="r", allow_pickle=False)
        except (ValueError, EOFError):
            return None
        fits = prints.shape[1:] == FINGERPRINT[::-1] and prints.dtype == np.uint8
        return prints if fits else None

    def seen_file(self, clip_sha256: str, rate: str | None) -> Path:
        """What was seen of a reel at a rate."""
        told = (rate or "own").replace("/", "_")
        return self.hidden / f"seen-{clip_sha256[:32]}-{told}.json"

    def _prints_file(self, clip_sha256: str) -> Path:
        return self.hidden / f"prints-{clip_sha256[:32]}.npy"


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None
