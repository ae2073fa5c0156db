"""The engine: tiny untrained models through the same takes and checks as every other engine."""

import threading
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.take import Fault
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.export.audio.wav import read_wav
from foley_designer.generator.diffusion.batching import Batcher
from foley_designer.generator.diffusion.engine import DiffusionEngine
from foley_designer.generator.diffusion.injection import InjectionConfig
from foley_designer.generator.diffusion.mini.autoencoder import AutoencoderConfig
from foley_designer.generator.diffusion.mini.backbone import MiniBackbone, MiniConfig
from foley_designer.generator.diffusion.mini.spectral import analyse
from foley_designer.generator.diffusion.mini.transformer import TransformerConfig
from foley_designer.generator.diffusion.model import PositionedModel, Wish, new_injection
from foley_designer.generator.diffusion.pieces import joined, levelled, pieces
from foley_designer.generator.diffusion.position import PositionConfig
from foley_designer.generator.diffusion.training.config import TrainingConfig, TransformerStage
from foley_designer.generator.diffusion.weights import load_model, save_model
from foley_designer.generator.engine import Dry, PlacingEngine
from foley_designer.generator.registry import Engines, rank_engines
from foley_designer.generator.synth.physics.engine import SynthEngine
from foley_designer.generator.takes import make_take
from foley_designer.metrics.gcc import itd_error_us, window_centres_s, window_delays

FS = 48_000
RATE = Fraction(25)
CONFIG = MiniConfig(
    autoencoder=AutoencoderConfig(channels=8, width=16),
    transformer=TransformerConfig(width=32, depth=4, head_width=16),
)
INJECTION = InjectionConfig(position=PositionConfig(bands=4, width=16), head_width=16)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model whose autoencoder knows some noise."""
    torch.manual_seed(0)
    backbone = MiniBackbone(CONFIG)
    noise = torch.randn(4, 2, FS) * torch.linspace(1.0, 0.01, FS)
    features = analyse(noise)
    backbone.autoencoder.start(features)
    backbone.autoencoder.standardise(backbone.autoencoder.raw(features[..., :92]))
    torch.nn.init.normal_(backbone.transformer.leave.weight, std=0.1)
    model = PositionedModel(backbone, new_injection(backbone, INJECTION, 0))
    config = TrainingConfig(
        model="foley-mini", data=("x",), out="x", transformer=TransformerStage(steps=1)
    )
    return save_model(tmp_path_factory.mktemp("model"), model, config, 0)


def event(hits: Sequence[float] = (), spans: Sequence[tuple[float, float]] = ()) -> SoundEvent:
    return SoundEvent(
        id="e1",
        label="a hammer",
        description="a hammer on steel",
        subcategory=Subcategory.METAL_IMPACT if hits else Subcategory.FLOW,
        layer="foreground",
        hits=tuple(Hit(time_s=time) for time in hits),
        spans=tuple(Span(start_s=start, end_s=end) for start, end in spans),
        source=Source(kind="point"),
    )


def trajectory(seconds: float, azimuth: float = 30.0, distance: float = 2.0) -> Trajectory:
    count = round(seconds * RATE)
    return Trajectory(
        event_id="e1",
        rate=RATE,
        azimuth_deg=(azimuth,) * count,
        distance_m=(distance,) * count,
        active=(True,) * count,
    )


def test_weights_survive_their_folder(folder: Path) -> None:
    first, second = load_model(folder), load_model(folder)
    wish = [Wish("rain", 1.0, 3)]
    assert torch.equal(first.generate(wish), second.generate(wish))
    assert (folder / "README.md").is_file()
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1e6


def test_an_incomplete_folder_says_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes((folder / "model.json").read_bytes())
    with pytest.raises(FoleyError) as caught:
        load_model(tmp_path)
    assert caught.value.code is ErrorCode.PART_MISSING


def test_takes_pass_the_same_checks(folder: Path, tmp_path: Path) -> None:
    engine = DiffusionEngine(folder)
    assert isinstance(engine, PlacingEngine)
    made, notes = make_take(
        event(spans=[(0.2, 1.6)]),
        trajectory(2.0),
        Space.STREET,
        engine="diffusion",
        seed=1,
        takes=1,
        sample_count=2 * FS,
        folder=tmp_path,
        engines=Engines({"diffusion": engine}),
    )
    assert made.engine == "diffusion"
    assert not notes
    stereo = read_wav(tmp_path / Path(made.file).name)
    assert stereo.shape == (2, 2 * FS)
    assert Fault.MISPLACED not in made.check.faults
    delays = window_delays(stereo, FS)
    expected = np.full(len(window_centres_s(2.0)), 0.17 / 343 * np.sin(np.radians(30.0)))
    error = itd_error_us(delays, expected)
    assert error is not None
    assert error < 60


def test_the_seed_decides(folder: Path) -> None:
    engine = DiffusionEngine(folder)
    given = event(spans=[(0.0, 1.0)]), trajectory(1.0), FS
    one, same, other = (
        engine.render_placed(*given, np.random.default_rng(seed)).samples for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_half_precision_around_it_changes_no_sound() -> None:
    torch.manual_seed(0)
    backbone = MiniBackbone(CONFIG)
    latents = torch.randn(1, backbone.sequence.channels, 20)
    alone = backbone.decode(latents, torch.Generator().manual_seed(1))
    with torch.autocast("cpu", torch.bfloat16):
        among = backbone.decode(latents, torch.Generator().manual_seed(1))
    assert among.dtype == torch.float32
    torch.testing.assert_close(among, alone)


def test_auto_leaves_foley_mini_behind_synthesis(folder: Path, tmp_path: Path) -> None:
    engines = Engines({"diffusion": DiffusionEngine(folder), "synth": SynthEngine()})
    order, _ = rank_engines(event(hits=[0.5]), "auto", engines)
    assert [engine.name for engine in order] == ["synth", "diffusion"]
    none = DiffusionEngine(tmp_path / "nothing")
    assert none.supports(event(hits=[0.5])) in (0.0, 0.5)
    with pytest.raises(FoleyError) as caught:
        none.render(event(hits=[0.5]), FS, np.random.default_rng(0))
    assert caught.value.code is ErrorCode.PART_MISSING


class Lively:
    """Places noise bursts late, elsewhere and with a rumble before them."""

    name, version = "lively", "1"

    def supports(self, event: SoundEvent) -> float:
        return 1.0

    def render_placed(self, event, trajectory, sample_count, rng):
        out = np.zeros((2, sample_count), np.float32)
        out += 0.002 * rng.standard_normal((2, sample_count)).astype(np.float32)
        for hit in event.hits:
            start = round((hit.time_s + 0.03) * FS)
            burst = 0.3 * np.exp(-np.arange(4800) / 600) * rng.standard_normal(4800)
            out[0, start + 20 : start + 4820] += 0.5 * burst
            out[1, start : start + 4800] += burst
        return Dry(out)

    render = render_placed


def test_hits_are_snapped_and_places_set_right(tmp_path: Path) -> None:
    made, _ = make_take(
        event(hits=[0.5, 1.2]),
        trajectory(2.0),
        Space.STREET,
        engine="lively",
        seed=1,
        takes=1,
        sample_count=2 * FS,
        folder=tmp_path,
        engines=Engines({"lively": Lively()}),
    )
    assert made.check.faults == ()
    assert made.check.hit_recall == 1.0
    assert made.check.azimuth_error_deg is not None
    assert made.check.azimuth_error_deg < 3.0


def test_wishes_of_several_threads_share_a_batch() -> None:
    def make(wishes: Sequence[Wish]) -> list[np.ndarray]:
        return [np.full((2, 3), wish.seed, np.float32) for wish in wishes]

    batcher = Batcher(make, lambda seconds: round(10 * seconds), most_steps=40)
    results: dict[int, np.ndarray] = {}

    def ask(seed: int) -> None:
        results[seed] = batcher([Wish("x", 1.0, seed)])[0]

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((results[seed] == seed).all() for seed in range(6))
    assert sum(batcher.batches) == 6
    assert max(batcher.batches) <= 4, "40 steps hold four rows of ten"


def test_a_failing_batch_fails_its_own_wishes_alone() -> None:
    def make(wishes: Sequence[Wish]) -> list[np.ndarray]:
        if wishes[0].seed == 0:
            raise RuntimeError("no memory")
        return [np.zeros((2, 1), np.float32) for _ in wishes]

    batcher = Batcher(make, lambda seconds: 1, most_steps=1)
    with pytest.raises(RuntimeError, match="no memory"):
        batcher([Wish("x", 1.0, 0)])
    assert len(batcher([Wish("x", 1.0, 1)])) == 1


def test_a_batch_gives_what_one_by_one_gives(folder: Path) -> None:
    model = load_model(folder)
    wishes = [Wish("rain", 1.0, 3), Wish("a door", 1.0, 4)]
    rows = model.latents(None, ["rain", "a door"], [3, 4], steps=20, seconds=[1.0, 1.0])
    alone = model.latents(None, ["a door"], [4], steps=20, seconds=[1.0])
    torch.testing.assert_close(rows[1:], alone, atol=1e-4, rtol=1e-4)
    assert model.generate(wishes).shape == (2, 2, model.backbone.sequence.steps(1.0) * 2048)


def test_long_events_are_generated_in_pieces_of_one_length() -> None:
    made = pieces(event(spans=[(1.0, 26.0)]), 40.0, 10.0)
    assert {piece.seconds for piece in made} == {10.0}
    assert made[0].start_s <= 1.0
    for before, after in pairwise(made):
        assert after.start_s < before.start_s + 10.0
        assert after.fade_in_s == pytest.approx(before.fade_out_s)
    assert len(pieces(event(hits=[2.0, 31.0]), 40.0, 10.0)) == 2, "silence is not generated"


def test_joined_pieces_of_unrelated_noise_keep_their_power() -> None:
    rng = np.random.default_rng(0)
    made = pieces(event(spans=[(0.0, 18.0)]), 20.0, 10.0)
    parts = [(one, rng.standard_normal((2, 10 * FS)).astype(np.float32)) for one in made]
    sound = joined(parts, 18 * FS)
    power = np.square(sound).mean(axis=0)[: 17 * FS].reshape(-1, FS // 20).mean(axis=1)
    assert power.min() > 0.8
    assert power.max() < 1.25
    assert np.abs(sound[:, -4:]).max() < 0.03, "no click at the clip's end"


def test_levels_are_those_that_engines_agree_on() -> None:
    hit = np.zeros((2, FS), np.float32)
    hit[:, 100] = 0.02
    assert np.abs(levelled(hit, event(hits=[0.1]), 1.0)).max() == pytest.approx(
        10 ** ((-6 - 24 * 0.3) / 20), rel=1e-3
    )
    far = np.abs(levelled(hit, event(hits=[0.1]), 4.0)).max()
    assert far == pytest.approx(10 ** ((-6 - 24 * 0.3) / 20) / 4, rel=1e-3)
    noise = 0.01 * np.random.default_rng(1).standard_normal((2, FS)).astype(np.float32)
    loud = levelled(noise, event(spans=[(0.0, 1.0)]), 1.0)
    assert 20 * np.log10(np.sqrt(np.mean(loud**2))) == pytest.approx(-20 - 18 * 0.3, abs=0.1)
