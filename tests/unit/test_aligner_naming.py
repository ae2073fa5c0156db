"""What a classifier calls pictures, held against words."""

from fractions import Fraction

import numpy as np
import pytest

from foley_designer.agents.aligner.naming import nearness, without_names
from foley_designer.agents.aligner.rules import RulesAligner
from foley_designer.core.clip import Clip
from foley_designer.core.note import NoteKind
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.screenplay.fountain import parse
from foley_designer.vision.pictures.files import HOW

TRAIN = {"steam locomotive": 0.7, "freight car": 0.1, "electric locomotive": 0.05}
CAT = {"tabby": 0.5, "tiger cat": 0.2, "Egyptian cat": 0.1}
PIANO = {"grand piano": 0.6, "upright": 0.2}
SHORE = {"seashore": 0.6, "sandbar": 0.2, "breakwater": 0.05}
TEXTS = {
    "train": "EXT. LINE - DAY\n\nA long train thunders over the bridge.\n\n",
    "cat": "EXT. LINE - DAY\n\nThe cat licks its paw.\n\n",
    "piano": "EXT. LINE - DAY\n\nShe plays the piano.\n\n",
    "shore": "EXT. LINE - DAY\n\nWaves roll in from the sea.\n\n",
}
NAMED = {"train": TRAIN, "cat": CAT, "piano": PIANO, "shore": SHORE}


def shown(*names):
    """Shots of 4 s that look alike in all but what they are named."""
    clip = Clip(
        name="film.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=Fraction(25),
        duration_s=4.0 * len(names),
        frame_count=100 * len(names),
    )
    shots = tuple(
        Shot(
            index=k,
            start_s=4.0 * k,
            end_s=4.0 * (k + 1),
            brightness=0.5,
            saturation=0.3,
            motion=0.05,
            group=k + 1,
            continues=0.02,
            named=NAMED.get(name, {}),
        )
        for k, name in enumerate(names)
    )
    return Observation(clip=clip, field_of_view_deg=54.0, shots=shots)


def told(shots, texts):
    script = parse("".join(TEXTS[one] for one in texts))
    found = RulesAligner().align(shown(*shots), script, None)
    by_line = {scene.line: name for scene, name in zip(script.scenes, texts, strict=True)}
    return [by_line[s.text.line] if s.text else None for s in found.scenes], found


def test_a_shot_comes_nearest_to_the_words_for_what_it_shows():
    near = nearness(list(NAMED.values()), list(TEXTS.values()))
    assert np.array_equal(near.argmax(1), [0, 1, 2, 3])
    assert near.diagonal().min() > 0.2


def test_a_shot_that_nobody_named_is_as_near_to_all():
    near = nearness([TRAIN, {}, CAT], list(TEXTS.values()))
    assert not near[1].any()
    assert near[0].any()
    assert not nearness([{}, {}], list(TEXTS.values())).any()


@pytest.mark.parametrize(
    "shots",
    [
        ("train", "cat", "piano", "shore"),
        ("cat", "piano", "shore", "train"),
        ("shore", "train", "cat", "piano"),
    ],
)
def test_scenes_find_their_shots_in_whatever_order_the_film_tells_them(shots):
    found, scene_map = told(shots, tuple(TEXTS))
    assert found == list(shots)
    assert not any(HOW in note.text for note in scene_map.notes)


def test_without_names_the_order_stands_and_a_note_says_what_would_help():
    found, scene_map = told(("",) * 4, tuple(TEXTS))
    assert found == list(TEXTS)
    assert [note.kind for note in scene_map.notes if HOW in note.text] == [NoteKind.FALLBACK]


def test_names_of_people_are_held_against_nothing():
    assert without_names("Robin feeds ROBIN's cat. Robins sing.", ["Robin"]).split() == [
        "feeds", "'s", "cat.", "Robins", "sing.",
    ]  # fmt: skip
