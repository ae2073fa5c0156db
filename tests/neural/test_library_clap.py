"""CLAP in the library: the real model classes at tiny size, with random weights."""

from pathlib import Path

import numpy as np
import pytest
from clap_folder import a_clap
from library_files import RATE, a_library

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.generator.library.adding import add_folder
from foley_designer.generator.library.clap import Clap
from foley_designer.generator.library.engine import embedded_cards
from foley_designer.generator.library.search import Library
from foley_designer.generator.library.vectors import SoundVectors

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `laion/clap-htsat-unfused` is laid out, a few thousand weights in it."""
    folder = tmp_path_factory.mktemp("clap")
    a_clap(folder)
    return folder


def test_texts_and_sounds_share_a_space(weights: Path):
    clap = Clap(weights)
    tone = np.sin(np.arange(RATE) * 0.1, dtype=np.float32)[None]
    noise = np.random.default_rng(1).normal(size=(2, RATE)).astype(np.float32)
    vectors = [clap.of_text("rain"), clap.of_text("door knock"), clap.of_sound(tone)]
    vectors.append(clap.of_sound(0.1 * noise))
    assert all(vector.shape == (8,) for vector in vectors)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert not np.allclose(vectors[0], vectors[1]) and not np.allclose(vectors[2], vectors[3])
    assert np.array_equal(clap.of_sound(tone), vectors[2])


def test_recordings_are_heard_once_and_weighed(weights: Path, tmp_path: Path):
    sounds, place = a_library(tmp_path / "sounds"), tmp_path / "library"
    cards, clap = embedded_cards(place), Clap(weights)
    add_folder(sounds, place, cards, clap=clap)
    plain, hearing = Library(place, cards), Library(place, cards, clap)
    assert hearing.hash != plain.hash
    text = "door knock"
    cosines = SoundVectors(place / "vectors", clap).similarities(text, 50)
    assert len(cosines) == len(hearing)
    before = {match.recording.path: match.similarity for match in plain.by_meaning(text, 50)}
    after = {match.recording.path: match.similarity for match in hearing.by_meaning(text, 50)}
    by_path = {path: clap.of_file(Path(path)) @ clap.of_text(text) for path in before}
    for path, cosine in by_path.items():
        weighed = 1 - (1 - before[path]) * np.exp(-max(cosine, 0.0))
        assert after[path] == pytest.approx(weighed, abs=1e-3)
    heard: list[str] = []
    add_folder(sounds, place, cards, lambda *told: heard.append(told[2]), clap)
    assert not heard


def test_a_folder_without_a_model_is_said(tmp_path: Path):
    with pytest.raises(FoleyError) as caught:
        Clap(tmp_path)
    assert caught.value.code is ErrorCode.PART_MISSING
