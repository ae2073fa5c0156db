"""Planning: reels are skimmed, the script is spread over them, and scenes are found."""

from collections.abc import Sequence
from pathlib import Path

from foley_designer.agents.aligner.monotone import REEL
from foley_designer.agents.aligner.rules import RulesAligner
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded, file_hash, write_text
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.progress import Progress
from foley_designer.core.script.excerpt import words_within
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scene import FilmScene, SceneMap
from foley_designer.core.script.scenes_file import read_scenes, to_yaml
from foley_designer.core.script.screenplay import Screenplay, ScriptScene
from foley_designer.core.settings import Settings
from foley_designer.film.folder import FilmFolder
from foley_designer.film.looking import Looked, look
from foley_designer.film.model import DesignedScene, Film, Piece, Reel
from foley_designer.film.wishes import moved
from foley_designer.screenplay import open_script
from foley_designer.screenplay.names import slug
from foley_designer.vision.video.sequence import clip_hash

STEP = "film"


def plan(
    folder: FilmFolder,
    reels: Sequence[Path],
    script: Path | None,
    title: str,
    settings: Settings,
    progress: Progress,
) -> Film:
    """The film of these reels; the kept one where reels, script and scenes files are as they were.

    A scenes file that a person edited is believed as it stands.

    Raises:
        FoleyError: as `skim`, `open_script` and `read_scenes`; ``session_mismatch`` if the
            folder holds the film in another cut.
    """
    script_sha = file_hash(script) if script else None
    kept = folder.film()
    if kept is not None and _same(folder, kept, reels, script_sha):
        return kept
    if kept is not None:
        _refuse_other(kept, reels)
    notes: list[Note] = []
    screenplay: Screenplay | None = None
    if script:
        screenplay, decided = open_script(script)
        notes += decided
    looked = [look(folder, path, settings, progress) for path in reels]
    made: list[Reel] = []
    scenes: list[DesignedScene] = []
    left: list[str] = []
    rest = screenplay.scenes if screenplay else ()
    for number, one in enumerate(looked, start=1):
        share = _share(looked[number - 1 :], rest)
        texts = rest[:share] if screenplay else ()
        rest = rest[share:]
        own = screenplay.model_copy(update={"scenes": texts}) if screenplay else None
        scene_map, said = _map(folder, number, one, own, settings)
        notes += [*scene_map.notes, *said]
        left += scene_map.unplaced
        found = [_scene(number, one, scene) for scene in scene_map.scenes if scene.has_film]
        scenes += found
        pieces = tuple(Piece(scene=s.id, first=0, last=s.last - s.first, at=s.first) for s in found)
        path = str(expanded(one.path).absolute())
        made.append(Reel(number=number, path=path, clip=one.observation.clip, pieces=pieces))
    film = Film(
        title=title or reels[0].stem,
        script_sha256=script_sha,
        reels=tuple(made),
        scenes=tuple(scenes),
        unplaced=tuple(left),
        notes=tuple(dict.fromkeys(notes)),
    )
    if kept is not None:
        film = film.model_copy(update={"wishes": moved(kept.wishes, kept, film)})
    folder.commit(film)
    return film


def place_of(text: ScriptScene | None, fallback: str) -> str:
    """Key of the place of a scene: its heading's, else what it looks like."""
    if text is None or not text.place:
        return fallback
    side = {True: "int_", False: "ext_", None: ""}[text.interior]
    return slug(side + text.place)


def _same(folder: FilmFolder, film: Film, reels: Sequence[Path], script: str | None) -> bool:
    if script != film.script_sha256 or len(reels) != len(film.reels):
        return False
    pairs = zip(reels, film.reels, strict=True)
    if any(clip_hash(path) != reel.clip.sha256 for path, reel in pairs):
        return False
    return not any(_edited(folder, reel.number) for reel in film.reels)


def _refuse_other(film: Film, reels: Sequence[Path]) -> None:
    """Keep a film that was conformed, or whose reel is another one, from being planned anew.

    Raises:
        FoleyError: ``session_mismatch``.
    """
    hashes = [clip_hash(path) for path in reels]
    changed = [
        reel.name
        for reel, sha256 in zip(film.reels, hashes, strict=False)
        if reel.clip.sha256 != sha256
    ]
    conformed = any("v" in scene.id for scene in film.scenes)
    if changed or conformed:
        told = f"{', '.join(changed)} of it is another picture" if changed else "it was conformed"
        raise FoleyError(
            ErrorCode.SESSION_MISMATCH,
            f"The folder holds this film, and {told}.",
            "Bring a new cut in with: foley-designer conform FOLDER REEL; or choose another --out.",
        )


def _edited(folder: FilmFolder, number: int) -> bool:
    """Whether a person changed the scenes file since it was written or read."""
    file, told = folder.scenes_file(number), folder.hidden / f"scenes{number}.sha256"
    return file.is_file() and (not told.is_file() or told.read_text() != file_hash(file))


def _map(
    folder: FilmFolder,
    number: int,
    looked: Looked,
    screenplay: Screenplay | None,
    settings: Settings,
) -> tuple[SceneMap, tuple[Note, ...]]:
    """A reel's scenes: a person's, else the aligner's, which are then written; and what it said."""
    file = folder.scenes_file(number)
    mark = folder.hidden / f"scenes{number}.sha256"
    seen = looked.observation
    if _edited(folder, number):
        given = read_scenes(file)
        if given.clip_sha256 == seen.clip.sha256:
            write_text(mark, file_hash(file))
            return given, ()
    aligned, said = _aligned(looked, screenplay, settings)
    found = aligned or _whole(seen, screenplay)
    write_text(file, to_yaml(found))
    write_text(mark, file_hash(file))
    return found, said


def _aligned(
    looked: Looked, screenplay: Screenplay | None, settings: Settings
) -> tuple[SceneMap | None, tuple[Note, ...]]:
    """A reel's scenes by rules, or by the model that is configured, if it sees."""
    if not settings.uses_model:
        return RulesAligner(REEL).align(looked.observation, screenplay, None), ()
    from foley_designer.agents.team import assemble  # noqa: PLC0415 - rules need none
    from foley_designer.memory.knowledge_base import load  # noqa: PLC0415

    knowledge = load(settings.knowledge_dir, settings.data_dir / "knowledge-index")
    team = assemble(settings, knowledge, clip=looked.path)
    found = team.aligner.align(looked.observation, screenplay, None)
    return found, team.drain_notes()


def _whole(seen: Observation, screenplay: Screenplay | None) -> SceneMap:
    """All of a reel as one scene, with all words of its part of the script."""
    texts = screenplay.scenes if screenplay else ()
    text = texts[0] if texts else None
    if len(texts) > 1:
        elements = tuple(element for one in texts for element in one.elements)
        text = texts[0].model_copy(update={"elements": elements})
    scene = FilmScene(id="s1", start_s=0.0, end_s=seen.clip.duration_s, place=1, text=text)
    note = Note(kind=NoteKind.DECISION, step=STEP, text="The reel plays as one scene.")
    return SceneMap(
        clip=seen.clip.name, clip_sha256=seen.clip.sha256, scenes=(scene,), notes=(note,)
    )


def _share(looked: Sequence[Looked], texts: Sequence[ScriptScene]) -> int:
    """How many scenes of a script the first of some reels takes, by its share of their length.

    Scenes are weighed by their lines, as pages of a screenplay are by minutes.
    """
    if len(looked) == 1:
        return len(texts)
    whole = sum(one.observation.clip.duration_s for one in looked)
    share = looked[0].observation.clip.duration_s / whole
    lines = [max(1, len(text.elements)) for text in texts]
    wanted, taken = share * sum(lines), 0.0
    for count, length in enumerate(lines):
        if taken + length / 2 > wanted:
            return count
        taken += length
    return len(texts)


def _scene(number: int, looked: Looked, scene: FilmScene) -> DesignedScene:
    clip = looked.observation.clip
    first = clip.frame_at(scene.start_s + clip.frame_s / 2)
    last = min(clip.frame_count, max(first + 1, round(scene.end_s / clip.frame_s)))
    return DesignedScene(
        id=f"r{number}{scene.id}",
        title=scene.title,
        place=place_of(scene.text, f"reel{number}_place{scene.place}"),
        path=str(expanded(looked.path).absolute()),
        clip=clip,
        first=first,
        last=last,
        text=words_within(scene.text, scene),
        confidence=scene.confidence,
    )
