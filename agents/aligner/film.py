"""Film scenes from runs of shots, and what is said of them."""

from collections.abc import Sequence

from foley_designer.agents.aligner.runs import Run, runs
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.scene import FilmScene, SceneMap, SettledBy
from foley_designer.core.script.screenplay import ElementKind, ScriptScene
from foley_designer.vision.pictures.files import HOW

_STEP = "align"


def scene_of(
    number: int,
    observation: Observation,
    run: Run,
    text: ScriptScene | None,
    confidence: float,
    by: SettledBy,
) -> FilmScene:
    """The film's scene number ``number`` from 0, of a run of shots."""
    shots = observation.shots[run.first : run.last]
    places = [shot.group for shot in shots if shot.has_film]
    return FilmScene(
        id=f"s{number + 1}",
        start_s=shots[0].start_s,
        end_s=shots[-1].end_s,
        place=max(set(places), key=places.count) if places else 0,
        text=text,
        confidence=round(min(1.0, confidence), 3),
        settled_by=by,
    )


def between_titles(observation: Observation, text: ScriptScene | None) -> SceneMap | None:
    """One scene between titles or black; None if no long ones stand before or behind it.

    Titles inside it belong to it: its room sounds on under them.
    """
    film = [index for index, shot in enumerate(observation.shots) if shot.has_film]
    if not film:
        return None
    keys = [0 if film[0] <= k <= film[-1] else -1 for k in range(len(observation.shots))]
    found = runs(observation.shots, keys)
    if len(found) < 2:
        return None
    scenes = [
        scene_of(number, observation, run, text if run.key == 0 else None, 1.0, SettledBy.PICTURE)
        for number, run in enumerate(found)
    ]
    silent = sum(scene.end_s - scene.start_s for scene in scenes if not scene.has_film)
    said = f"Titles or black before or behind the scene, {silent:.1f} s, stay silent."
    return map_of(observation, scenes, (), [note(said)])


def map_of(
    observation: Observation,
    scenes: Sequence[FilmScene],
    unplaced: tuple[str, ...],
    notes: Sequence[Note],
) -> SceneMap:
    """The map; scenes that one heading tells play at one place, whatever their looks."""
    place_of: dict[str, int] = {}
    placed = []
    for scene in scenes:
        heading = scene.text.heading if scene.text else ""
        place = (
            place_of.setdefault(heading, scene.place) if heading and scene.has_film else scene.place
        )
        placed.append(scene.model_copy(update={"place": place}))
    told = sum(scene.text is not None for scene in placed)
    summary = note(f"The film has {len(placed)} scenes; words tell {told} of them.")
    return SceneMap(
        clip=observation.clip.name,
        clip_sha256=observation.clip.sha256,
        scenes=tuple(placed),
        unplaced=unplaced,
        notes=(summary, *notes),
    )


def note(text: str, kind: NoteKind = NoteKind.DECISION) -> Note:
    """A note of this step."""
    return Note(kind=kind, step=_STEP, text=text)


def order_note(by: SettledBy) -> list[Note]:
    """That the order alone decided, if it did."""
    text = "What the shots show tells the text's scenes too little apart: the order alone decided."
    return [note(text, NoteKind.OPEN_POINT)] if by is SettledBy.ORDER else []


def unnamed_note(shots: Sequence[Shot]) -> list[Note]:
    """What a classifier of pictures would bring, if none named them."""
    if any(shot.named for shot in shots):
        return []
    text = f"Pictures were not named: words find their shots by light, colours and people. {HOW}"
    return [note(text, NoteKind.FALLBACK)]


def left_note(texts: Sequence[ScriptScene], left: Sequence[ScriptScene]) -> list[Note]:
    """How much of the text found no picture."""
    if not left:
        return []
    lines, whole = lines_of(left), lines_of(texts)
    names = ", ".join(f"“{text.heading or text.action[:40]}”" for text in left[:4])
    return [note(f"{lines} of {whole} lines found no picture: {names}.", NoteKind.OPEN_POINT)]


def lines_of(texts: Sequence[ScriptScene]) -> int:
    """Lines of action; a text without any counts as one."""
    own = (sum(e.kind is ElementKind.ACTION for e in text.elements) for text in texts)
    return sum(max(1, count) for count in own)


def untold_note(scenes: Sequence[FilmScene]) -> list[Note]:
    """How much of the film no words tell."""
    untold = [scene for scene in scenes if scene.has_film and scene.text is None]
    if not untold:
        return []
    seconds = sum(scene.end_s - scene.start_s for scene in untold)
    text = f"No words tell {len(untold)} scene(s), {seconds:.1f} s: movement is designed there."
    return [note(text, NoteKind.OPEN_POINT)]
