"""What the assistant server may touch: files below its roots, sessions below its output root."""

import re
from dataclasses import dataclass
from pathlib import Path

from foley_designer.assistant.near_names import clips_below, found_as, near
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded, inside
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.vision.video.sequence import sequence_of

SESSION_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_OF_FILM = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})/(r\d+(?:v\d+)?s\d+|reel\d+)$")
"""A scene or a reel of a film, which are sessions in its folder."""
_FOREIGN = re.compile(r"^(\\\\|//|[A-Za-z][A-Za-z0-9+.-]+:)|\x00")
"""UNC paths, URLs and names with NUL: nothing that a path below a root begins with."""


@dataclass(frozen=True)
class Place:
    """The folders of one server."""

    roots: tuple[Path, ...]
    """Clips and screenplays are read below these."""
    out_root: Path
    """Sessions are folders of it; nothing is written elsewhere."""

    def file(self, path: str, absent: ErrorCode) -> Path:
        """A file below a root, links resolved; relative paths start at the first root.

        A name that only reads the same (accents composed or apart, another kind of space) is
        found; so is a sequence of images by its pattern.

        Args:
            path: as the client gave it.
            absent: the code if there is no such file.

        Raises:
            FoleyError: ``path_not_allowed``, or ``absent``.
        """
        if _FOREIGN.search(path):
            raise FoleyError(
                ErrorCode.PATH_NOT_ALLOWED,
                "Only plain paths of this machine are read: no URL, no network share.",
                f"Allowed: {', '.join(str(root) for root in self.roots)}.",
            )
        found = inside(self.roots[0] / expanded(Path(path)), *self.roots, self.out_root)
        if found.is_file() or (absent is ErrorCode.CLIP_NOT_FOUND and sequence_of(found)):
            return found
        for root in (*self.roots, self.out_root):
            if alike := found_as(found, root.resolve()):
                return inside(alike, *self.roots, self.out_root)
        names = ", ".join(near(found.name, self.roots))
        hint = f"Near names: {names}." if names else "Read foley://clips for the clips there are."
        raise FoleyError(absent, f"No regular file at {path}.", hint)

    def clips(self) -> tuple[Path, ...]:
        """Films below the roots."""
        return tuple(clip for root in self.roots for clip in clips_below(root.resolve()))

    def session(self, name: str) -> Session:
        """The session of this name, which need not exist yet.

        Raises:
            FoleyError: ``path_not_allowed`` for a name that is none, or a link that leads out.
        """
        if of_film := _OF_FILM.match(name):
            film, part = of_film.groups()
            kind = "reels" if part.startswith("reel") else "scenes"
            return Session(inside(self.out_root / film / kind / part, self.out_root))
        if not re.fullmatch(SESSION_NAME, name):
            raise FoleyError(
                ErrorCode.PATH_NOT_ALLOWED,
                f"{name!r:.80} is no session name.",
                "Use letters, digits, dot, hyphen and underscore, such as alley_take_2.",
            )
        return Session(inside(self.out_root / name, self.out_root))

    def designed(self, name: str) -> tuple[Session, SessionRecord]:
        """A session with its record.

        Raises:
            FoleyError: as `session`; ``session_not_found`` if nothing was designed yet.
        """
        session = self.session(name)
        record = session.record()
        if record is None:
            raise FoleyError(ErrorCode.SESSION_NOT_FOUND, f"There is no session {name}.")
        return session, record

    def names(self) -> tuple[str, ...]:
        """Names of the sessions there are, sorted."""
        if not self.out_root.is_dir():
            return ()
        return tuple(
            sorted(
                folder.name
                for folder in self.out_root.iterdir()
                if re.fullmatch(SESSION_NAME, folder.name)
                and (folder / "session.json").is_file()
                and folder.resolve().is_relative_to(self.out_root.resolve())
            )
        )


def session_name(clip: Path) -> str:
    """A session's name after its clip."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", clip.stem).strip("_-")[:48] or "clip"


def named(session: Session) -> str:
    """A session's name; of a film's scene or reel, ``FILM/r1s3`` or ``FILM/reel1``."""
    root = session.root
    is_of_film = root.parent.name in ("scenes", "reels")
    return f"{root.parent.parent.name}/{root.name}" if is_of_film else root.name
