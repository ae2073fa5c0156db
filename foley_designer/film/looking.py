"""Looking through reels: in parts, side by side where there are workers, and kept in the folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.progress import Progress
from foley_designer.core.script.observation import Observation
from foley_designer.core.settings import Settings
from foley_designer.core.work.memory import release
from foley_designer.core.work.pool import Here, Pool
from foley_designer.film.folder import FilmFolder
from foley_designer.vision.models.people_files import people_here
from foley_designer.vision.pictures.files import PART, pictures_here
from foley_designer.vision.skim import PartTask, SkimmedPart, joined, parts_of, skim_part
from foley_designer.vision.video.decode import OpenedClip, open_clip
from foley_designer.vision.video.sequence import clip_hash


class Looked(NamedTuple):
    """A reel and what was seen of it."""

    path: Path
    observation: Observation


class _Reel(NamedTuple):
    """A reel of which parts are being looked at."""

    path: Path
    opened: OpenedClip
    seen: dict[int, SkimmedPart]
    """By the number of the part."""


def look(
    folder: FilmFolder,
    path: Path,
    settings: Settings,
    progress: Progress,
    pool: Pool | None = None,
) -> Looked:
    """Look through one reel, as `look_at` does, and say what was seen."""
    look_at(folder, [path], settings, progress, pool or Here())
    seen = looked_before(folder, clip_hash(path), settings)
    assert seen is not None, "what was seen was kept"
    return Looked(path, seen)


def look_at(
    folder: FilmFolder, reels: Sequence[Path], settings: Settings, progress: Progress, pool: Pool
) -> None:
    """Skim the reels that nobody looked at yet; what was seen is kept under their bytes' hash.

    Reels whose pictures nobody named are looked at anew once the classifier is here.

    Raises:
        FoleyError: as `open_clip` and `skim_part`; ``tool_failed`` if a part can't be looked at.
    """
    people, pictures = people_here(settings.data_dir), pictures_here(settings.data_dir)
    tasks: list[PartTask] = []
    where: list[tuple[_Reel, int]] = []
    for path in reels:
        seen = looked_before(folder, clip_hash(path), settings)
        if seen is None or (pictures and PART not in seen.parts):
            reel = _Reel(path, open_clip(path, settings.frame_rate), {})
            parts = parts_of(path, reel.opened, people, pictures)
            tasks += parts
            where += [(reel, number) for number in range(len(parts))]
    some = pool if len(tasks) > 1 else Here()
    for count, (index, result) in enumerate(some.run(skim_part, tasks), start=1):
        reel, number = where[index]
        if isinstance(result, Exception):
            raise whole(result, reel.path.name)
        reel.seen[number] = result
        progress("skim", count / len(tasks), reel.path.name)
        if len(reel.seen) == len(reel.opened.parts):
            _keep(folder, reel, settings)


def _keep(folder: FilmFolder, reel: _Reel, settings: Settings) -> None:
    """Join a reel's parts, keep what they tell, and let go of them."""
    skimmed = joined(reel.opened, [reel.seen[number] for number in sorted(reel.seen)])
    reel.seen.clear()
    sha256 = skimmed.observation.clip.sha256
    folder.keep_fingerprints(sha256, skimmed.fingerprints)
    release()
    write_text(folder.seen_file(sha256, settings.rate), skimmed.observation.to_json(indent=None))


def looked_before(folder: FilmFolder, sha256: str, settings: Settings) -> Observation | None:
    """What was seen of a reel with these bytes, if it was looked at."""
    file = folder.seen_file(sha256, settings.rate)
    if not file.is_file() or folder.fingerprints(sha256) is None:
        return None
    return Observation.from_json(file.read_bytes())


def whole(error: Exception, name: str) -> FoleyError:
    """What stopped the work on a whole reel."""
    if isinstance(error, FoleyError):
        return error
    told = f"{name}: {type(error).__name__}: {error}"
    return FoleyError(ErrorCode.TOOL_FAILED, told, "The same command goes on where it stopped.")
