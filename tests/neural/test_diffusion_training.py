"""Training, the models command and the bench, on a set of noise bursts."""

import json
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import silent
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.datasets.item import Item, Motion, Origin, Room, Size, Timed, Verified, Zone
from foley_designer.datasets.shards import MANIFEST, Manifest, Shard, encode, write_shard
from foley_designer.generator.diffusion import catalogue
from foley_designer.generator.diffusion.bench import RUNS, Result, bench, table
from foley_designer.generator.diffusion.mini.autoencoder import (
    AutoencoderConfig,
    SpectralAutoencoder,
)
from foley_designer.generator.diffusion.mini.spectral import FRAME, Spectral, analyse, synthesise
from foley_designer.generator.diffusion.training.config import TrainingConfig, load_config
from foley_designer.generator.diffusion.training.run import train
from foley_designer.metrics.embeddings import vggish
from foley_designer.metrics.embeddings.embedder import KNOWN, Known
from foley_designer.metrics.gcc import window_delays

FS = 48_000
SECONDS = 2.0
TOML = """
model = "foley-mini"
data = ["set"]
out = "{out}"
[mini.autoencoder]
channels = 8
width = 16
[mini.transformer]
width = 32
depth = 4
head_width = 16
[injection]
head_width = 16
[injection.position]
bands = 4
width = 16
[autoencoder]
steps = 8
batch = 2
crop_steps = 12
learning_rate = 1e-3
[transformer]
steps = {steps}
batch = 2
crop_steps = 12
learning_rate = 1e-3
cooldown = 0.0
warmup = 0
log_every = 2
sample_every = 100
train_backbone = true
"""


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def burst(azimuth: float, times: tuple[float, ...], seed: int) -> np.ndarray:
    """Noise bursts, left leading by 17 cm · sin(azimuth) / c, in whole samples."""
    rng = np.random.default_rng(seed)
    lag = round(0.17 / 343 * np.sin(np.radians(azimuth)) * FS)
    out = np.zeros((2, round(SECONDS * FS)), np.float32)
    for time in times:
        wave = 0.3 * np.exp(-np.arange(9600) / 2400) * rng.standard_normal(9600)
        start = round(time * FS)
        out[0, start : start + 9600] += wave
        out[1, start + lag : start + lag + 9600] += wave
    return out


def item(index: int, azimuth: float, times: tuple[float, ...]) -> Item:
    frames = round(SECONDS * 50)
    return Item(
        key=f"{index:016x}",
        split="test" if index >= 4 else "train",
        caption="a hammer on steel, near, at the left, in a street",
        sound="a hammer on steel" if index % 2 else "a hammer on wood",
        subcategory=Subcategory.METAL_IMPACT,
        size=Size.MEDIUM,
        sample_rate=FS,
        seconds=SECONDS,
        onsets_s=times,
        intervals_s=tuple((time, time + 0.2) for time in times),
        timed=Timed.CUED,
        trajectory=Trajectory(
            event_id=f"{index:016x}",
            rate=Fraction(50),
            azimuth_deg=(azimuth,) * frames,
            distance_m=(1.5,) * frames,
            active=tuple(any(t <= k / 50 < t + 0.08 for t in times) for k in range(frames)),
        ),
        motion=Motion.STATIC,
        regions_deg=(45.0, 45.0),
        zones=(Zone.NEAR, Zone.NEAR),
        room=Room(space=Space.STREET, rt60_s=0.7, wet_db=-12.0, ear_spacing_m=0.17),
        origin=Origin(kind="synthesis", name=f"hammer {index}", credit="own", licence="own"),
        verified=Verified(method="traits", score=1.0, threshold=0.5),
        peak_dbfs=-6.0,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set of four training items and two test items."""
    place = tmp_path_factory.mktemp("training")
    rng = np.random.default_rng(1)
    shards = []
    for split, first, last in (("train", 0, 4), ("test", 4, 6)):
        members = []
        for index in range(first, last):
            times = (0.3, float(rng.uniform(0.8, 1.6)))
            azimuth = (45.0, -45.0)[index % 2]
            told = item(index, azimuth, times)
            members += [
                (f"{told.key}.flac", encode(burst(azimuth, times, index), FS, "flac", 16)),
                (f"{told.key}.json", told.to_json().encode()),
            ]
        name, count = f"{split}-000000.tar", last - first
        digest = write_shard(place / "set" / name, members)
        seconds = SECONDS * count
        shards.append(Shard(file=name, split=split, sha256=digest, items=count, seconds=seconds))
    manifest = Manifest(
        name="tiny",
        config_hash="0",
        sample_rate=FS,
        items=6,
        hours=6 * SECONDS / 3600,
        shards=tuple(shards),
        verified_by={"traits": 6},
        licences={"own": 6},
        credits=(),
    )
    (place / "set" / MANIFEST).write_text(manifest.to_json())
    return place


def config(place: Path, out: str, steps: int = 6) -> TrainingConfig:
    file = place / f"{out}.toml"
    file.write_text(TOML.format(out=out, steps=steps))
    return load_config(file)


@pytest.fixture(scope="module")
def trained(place: Path) -> Path:
    folder = train(config(place, "straight"), silent)
    assert folder is not None
    return folder


def test_a_stopped_run_goes_on_to_the_same_weights(place: Path, trained: Path) -> None:
    told = config(place, "halting")
    for part in ("autoencoder", "features"):  # of the first stage nothing is made again
        shutil.copytree(place / "straight" / part, place / "halting" / part)
    steps = iter(range(100))
    train(told, silent, lambda: next(steps) == 3)
    state = torch.load(place / "halting/transformer/state.pt", weights_only=True)
    assert state["step"] == 4
    assert train(told, silent) == place / "halting" / "weights"
    straight, halting = (
        torch.load(place / run / "transformer/state.pt", weights_only=True)
        for run in ("straight", "halting")
    )
    assert straight["step"] == halting["step"] == 6
    for part in ("weights", "average"):
        # Products may differ in their last bits with where arrays lie in memory; a step of the
        # optimiser moves a weight by 1e-3.
        torch.testing.assert_close(halting[part], straight[part], atol=2e-5, rtol=0)


def test_a_first_stage_that_was_stopped_starts_no_second(place: Path) -> None:
    told = config(place, "early")
    assert train(told, silent, lambda: True) is None
    assert not (place / "early/transformer").exists()
    state = torch.load(place / "early/autoencoder/state.pt", weights_only=True)
    assert state["step"] == 1


def test_a_run_leaves_curve_pictures_and_card(place: Path, trained: Path) -> None:
    out = place / "straight"
    log = [json.loads(line) for line in (out / "transformer/log.jsonl").read_text().splitlines()]
    assert [entry["step"] for entry in log] == [2, 4, 6]
    assert (out / "transformer/loss.svg").read_text().startswith("<svg")
    assert list((out / "transformer").glob("samples-*.png"))
    assert "foley-mini" in (trained / "README.md").read_text()


def test_a_frozen_backbone_stays_as_it_was(place: Path) -> None:
    file = place / "frozen.toml"
    text = TOML.format(out="frozen", steps=2).replace("train_backbone = true\n", "")
    file.write_text(text)
    train(load_config(file), silent)
    state = torch.load(place / "frozen/transformer/state.pt", weights_only=True)
    assert state["weights"]
    assert all(name.startswith("injection.") for name in state["weights"])


def test_other_sizes_are_refused_and_nothing_is_lost(place: Path, trained: Path) -> None:
    file = place / "larger.toml"
    text = TOML.format(out="straight", steps=9).replace("width = 32", "width = 48")
    file.write_text(text)
    with pytest.raises(FoleyError) as caught:
        train(load_config(file), silent)
    assert caught.value.code is ErrorCode.CONFIG_INVALID
    assert (trained / "model.json").is_file()


def test_a_wrong_configuration_names_its_field(place: Path) -> None:
    file = place / "wrong.toml"
    file.write_text(TOML.format(out="x", steps=0))
    with pytest.raises(FoleyError, match=r"transformer\.steps"):
        load_config(file)


def load(weights: Path | None) -> vggish.Vggish:
    """A small embedding, as the modules in `KNOWN` load theirs."""
    if weights is not None:
        raise FileNotFoundError(weights)
    torch.manual_seed(0)
    return vggish.Vggish(vggish.network((2, 2, 4, 4, 4, 4), 16))


@pytest.mark.slow
def test_the_bench_compares_three_runs(
    monkeypatch: pytest.MonkeyPatch, place: Path, trained: Path
) -> None:
    monkeypatch.setitem(KNOWN, "small", Known(__name__, "nothing"))

    def compared(**embeddings: Path | None) -> Result:
        data = place / "set"
        return bench(
            data, trained, split="test", count=9, out=None, progress=silent, embeddings=embeddings
        )

    result = compared(small=None)
    assert result.prompts == 2
    assert [run.name for run in result.runs] == list(RUNS)
    assert result.mono_gcc > 50, "two items at 45° to either side"
    checked = result.runs[2]
    assert checked.gcc < 0.3 * result.mono_gcc, "the check places what the model misplaced"
    assert list(checked.fad) == ["log-mel", "small"]
    assert checked.fad["small"] > 0
    assert "no cues" in table(result)
    assert "| FAD (log-mel) ↓ | FAD (small) ↓ |" in table(result)
    for name, weights in (("small", Path("missing.pth")), ("unknown", None)):
        with pytest.raises(FoleyError, match=name):
            compared(**{name: weights})


def test_parametric_stereo_keeps_level_place_and_coherence() -> None:
    sound = torch.from_numpy(burst(45.0, (0.3, 1.1), 5))[None]
    features = analyse(sound)
    assert features.shape == (1, 83, sound.shape[-1] // FRAME)
    back = synthesise(features, torch.Generator().manual_seed(0), rounds=8)
    before, after = (window_delays(one[0].numpy(), FS) for one in (sound, back))
    heard = before.heard() & after.heard()
    assert np.abs(before.delays_s - after.delays_s)[heard].max() < 70e-6
    again = Spectral.parted(analyse(back)).levels
    loud = Spectral.parted(features).levels > 0.0
    shape = (again - Spectral.parted(features).levels)[loud]
    assert float(shape.std()) * 40 < 4.0
    apart = analyse(torch.randn(1, 2, FS, generator=torch.Generator().manual_seed(1)))
    assert float(Spectral.parted(apart).coherence[:, 10:-10].mean()) < 0.5
    wide = synthesise(apart, torch.Generator().manual_seed(2), rounds=4)
    assert float(torch.corrcoef(wide[0])[0, 1].abs()) < 0.6


def test_rebuilt_noise_fluctuates_as_noise_does_and_tones_less() -> None:
    time = torch.arange(2 * FS) / FS
    noise = torch.randn(2 * FS, generator=torch.Generator().manual_seed(3))
    tone = torch.sin(2 * torch.pi * 1000.0 * time)

    def fluctuation(mono: torch.Tensor, hertz: float) -> float:
        """Spread over mean of the magnitude near a frequency: 0.52 for noise, 0 for a tone."""
        window = torch.hann_window(1024)
        spectra = torch.stft(mono, 1024, 512, window=window, center=False, return_complex=True)
        row = spectra.abs()[round(hertz * 1024 / FS), 8:-8]
        return float(row.std() / row.mean())

    def rebuilt(mono: torch.Tensor) -> torch.Tensor:
        features = analyse(torch.stack([mono, mono])[None])
        return synthesise(features, torch.Generator().manual_seed(4))[0, 0]

    assert fluctuation(rebuilt(noise), 6000.0) == pytest.approx(fluctuation(noise, 6000.0), abs=0.1)
    assert fluctuation(rebuilt(tone), 1000.0) < 0.4


def test_the_autoencoder_starts_as_good_as_any_linear_one() -> None:
    features = analyse(
        torch.from_numpy(np.stack([burst(45.0, (0.1 * k,), k) for k in range(1, 7)]))
    )
    features = features[..., :184]
    autoencoder = SpectralAutoencoder(AutoencoderConfig(channels=24, width=16))
    autoencoder.start(features)
    autoencoder.standardise(autoencoder.raw(features))
    latents = autoencoder.encode(features)
    assert 0.3 < float(latents.detach().square().mean()) < 3.0
    error = (autoencoder.decode(latents) - features)[:, :80].abs().mean()
    assert error.item() * 40 < 4.0, "dB"


def test_models_are_listed_with_their_licences(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trained: Path
) -> None:
    monkeypatch.setenv("FOLEY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOLEY_DIFFUSION_MODEL", str(trained))
    found = {one.name: one for one in catalogue.inventory()}
    assert not found["stable-audio-open-1.0"].here
    assert "Community License" in found["stable-audio-open-1.0"].licence
    assert found["weights"].here
    assert catalogue.broken("weights", trained) == ""
    damaged = tmp_path / "models" / "damaged"
    damaged.mkdir(parents=True)
    (damaged / "model.json").write_bytes((trained / "model.json").read_bytes())
    (damaged / "injection.safetensors").write_bytes(b"nothing")
    assert "injection.safetensors" in catalogue.broken("damaged", damaged)
    with pytest.raises(FoleyError) as caught:
        catalogue.require("stable-audio-open-1.0")
    assert caught.value.code is ErrorCode.PART_MISSING
    assert "models pull" in caught.value.hint
