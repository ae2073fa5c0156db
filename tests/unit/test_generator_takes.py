import sys
from fractions import Fraction
from importlib.metadata import EntryPoint
from types import ModuleType

import numpy as np
import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.export.audio.wav import read_wav
from foley_designer.generator import registry, takes
from foley_designer.generator.engine import Dry
from foley_designer.generator.registry import Engines, load_engines, rank_engines
from foley_designer.generator.takes import make_take, take_key
from foley_designer.metrics.heard_as import Hearing
from foley_designer.metrics.onset import locate_onset

FS = 48_000
COUNT = 3 * FS


@pytest.fixture(autouse=True)
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """What listens on this machine has no say, but where a test gives it one."""
    monkeypatch.setattr(takes, "ear", lambda: None)


class Clicker:
    """Performs hits as noise bursts; counts how often it was asked."""

    name = "clicker"
    version = "1"

    def __init__(self, late_s=0.0, support=0.9, channels=1):
        self.late_s, self.support, self.channels = late_s, support, channels
        self.seen = []

    def supports(self, event):
        return self.support

    def render(self, event, sample_count, rng):
        self.seen.append(event)
        out = np.zeros((self.channels, sample_count), np.float32)
        decay = np.exp(-np.arange(4800) / 800)
        for hit in event.hits:
            start = round((hit.time_s + self.late_s) * FS)
            burst = (0.3 * hit.strength * decay * rng.standard_normal(4800)).astype(np.float32)
            piece = burst[: sample_count - start]
            out[:, start : start + len(piece)] += piece
        return Dry(out, ("a recording, CC0",))


class Broken(Clicker):
    name = "broken"

    def render(self, event, sample_count, rng):
        raise RuntimeError("no licence")


class Wild(Clicker):
    name = "wild"

    def render(self, event, sample_count, rng):
        return Dry(np.full((1, sample_count), np.nan, np.float32))


def _event(**changes):
    event = SoundEvent(
        id="knock",
        label="knock",
        description="a knock on wood",
        subcategory=Subcategory.OBJECT_IMPACT,
        layer=Layer.FOREGROUND,
        hits=tuple(Hit(time_s=time, strength=0.8) for time in (0.3, 1.1, 1.7, 2.4)),
        source=Source(kind=SourceKind.POINT, azimuth_deg=10.0),
    )
    return event.model_copy(update=changes)


def _trajectory(event, start=(10.0, 3.0), end=(10.0, 3.0)):
    azimuth, distance = (np.linspace(a, b, 75) for a, b in zip(start, end, strict=True))
    times = np.arange(75) / 25
    active = np.zeros(75, bool)
    for hit in event.hits:
        active |= (times > hit.time_s - 0.04) & (times < hit.time_s + 0.1)
    return Trajectory(
        event_id=event.id,
        rate=Fraction(25),
        azimuth_deg=tuple(azimuth.tolist()),
        distance_m=tuple(distance.tolist()),
        active=tuple(active.tolist()),
    )


def _make(folder, *engines, event=None, trajectory=None, **options):
    event = event or _event()
    return make_take(
        event,
        trajectory or _trajectory(event),
        Space.KITCHEN,
        engine=options.pop("engine", "auto"),
        seed=options.pop("seed", 5),
        takes=options.pop("takes", 2),
        sample_count=COUNT,
        folder=folder,
        engines=Engines({engine.name: engine for engine in engines}),
        **options,
    )


def test_a_take_is_made_measured_and_kept(tmp_path):
    take, notes = _make(tmp_path / "takes", Clicker())
    assert notes == ()
    assert take.file == f"takes/{take.key}.wav"
    assert take.check.faults == () and take.check.median_onset_offset_ms < 1.0
    assert take.credits == ("a recording, CC0",)
    assert read_wav(tmp_path / take.file).shape == (2, COUNT)


def test_a_whole_take_is_used_again_and_a_broken_one_made_again(tmp_path):
    engine = Clicker()
    first, _ = _make(tmp_path, engine)
    wav = tmp_path / f"{first.key}.wav"
    data = wav.read_bytes()
    asked = len(engine.seen)
    assert _make(tmp_path, engine)[0] == first and len(engine.seen) == asked
    wav.write_bytes(data[:-100])
    assert _make(tmp_path, engine)[0] == first and wav.read_bytes() == data
    (tmp_path / f"{first.key}.json").write_text("{")
    assert _make(tmp_path, engine)[0] == first and len(engine.seen) == asked + 2


def test_equal_input_gives_equal_bytes_and_another_seed_another_take(tmp_path):
    takes = [
        _make(tmp_path / str(at), Clicker(), seed=seed)[0] for at, seed in enumerate((1, 1, 2))
    ]
    sounds = [
        (tmp_path / str(at) / f"{take.key}.wav").read_bytes() for at, take in enumerate(takes)
    ]
    assert sounds[0] == sounds[1] != sounds[2]
    assert takes[0].key == takes[1].key != takes[2].key


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"gain_db": 6.0, "reason": "louder", "label": "tap"}, True),
        ({"layer": Layer.BACKGROUND, "confidence": 0.2, "cards": ("wood",)}, True),
        ({"description": "a knock on steel"}, False),
        ({"hits": (Hit(time_s=0.3),)}, False),
        ({"id": "other"}, False),
    ],
)
def test_the_key_holds_what_changes_the_sound(changes, same):
    def key(event):
        return take_key(
            event,
            _trajectory(_event()),
            Space.HALL,
            Clicker(),
            seed=1,
            takes=2,
            sample_count=COUNT,
        )

    assert (key(_event()) == key(_event(**changes))) is same


def test_engines_can_not_read_what_the_key_leaves_out(tmp_path):
    engine = Clicker()
    _make(tmp_path, engine, event=_event(gain_db=9.0, label="tap", reason="because"))
    assert (engine.seen[0].gain_db, engine.seen[0].reason) == (0.0, "")
    assert engine.seen[0].label == "object_impact"


def test_hits_of_a_moving_source_stay_on_their_cues_without_doppler_shift(tmp_path):
    engine = Clicker()
    path = _trajectory(_event(), (-40.0, 30.0), (40.0, 2.0))
    take, _ = _make(tmp_path, engine, trajectory=path)
    assert take.check.hit_recall == 1.0 and take.check.median_onset_offset_ms < 0.5
    assert take.check.azimuth_error_deg < 3.0
    assert engine.seen[0].hits == _event().hits


def test_what_sounds_while_it_moves_is_shifted_and_stays_on_its_cues(tmp_path):
    engine = Clicker()
    event = _event(subcategory=Subcategory.VEHICLE, spans=(Span(start_s=0.2, end_s=2.8),))
    path = _trajectory(event, (-40.0, 30.0), (40.0, 2.0))
    take, _ = _make(tmp_path, engine, event=event, trajectory=path)
    played = [hit.time_s for hit in engine.seen[0].hits]
    assert played[-1] - 2.4 > 0.04, "the source plays faster than the picture while it approaches"
    stereo = read_wav(tmp_path / f"{take.key}.wav")
    for hit in event.hits:
        onset = locate_onset(stereo, FS, hit.time_s)
        assert onset is not None and abs(onset.time_s - hit.time_s) < 0.0005


def test_late_engines_are_corrected_and_stereo_ones_placed(tmp_path):
    take, _ = _make(tmp_path, Clicker(late_s=0.03, channels=2))
    assert take.check.faults == () and take.check.hit_recall == 1.0
    assert take.check.azimuth_error_deg < 1.0


@pytest.mark.parametrize("failing", [Broken(support=1.0), Wild(support=1.0)])
def test_a_failing_engine_is_replaced_with_a_note(tmp_path, failing):
    take, notes = _make(tmp_path, failing, Clicker())
    assert take.engine == "clicker"
    assert [note.event_id for note in notes] == ["knock"]
    reason = {"broken": "RuntimeError: no licence", "wild": "it gave samples that are not finite"}
    assert notes[0].text == f"Engine {failing.name} failed: {reason[failing.name]}."


def test_when_all_engines_fail_it_is_an_error(tmp_path):
    with pytest.raises(FoleyError) as caught:
        _make(tmp_path, Broken())
    assert caught.value.code is ErrorCode.TOOL_FAILED
    assert "no licence" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_engines_are_ranked_by_support_or_by_wish():
    low, high, none = Clicker(support=0.3), Clicker(support=1.0), Clicker(support=0.0)
    engines = Engines({"low": low, "high": high, "none": none})
    assert rank_engines(_event(), "auto", engines) == ((high, low), ())
    assert rank_engines(_event(), "low", engines)[0] == (low, high)
    for wish, words in (("none", "can't perform"), ("absent", "not installed")):
        ranked, notes = rank_engines(_event(), wish, engines)
        assert ranked == (high, low) and words in notes[0].text
    with pytest.raises(FoleyError) as caught:
        rank_engines(_event(), "auto", Engines({"none": none}))
    assert caught.value.code is ErrorCode.PART_MISSING


def test_plug_ins_are_found_and_broken_ones_told(monkeypatch):
    module = ModuleType("plug_in_for_a_test")
    module.Clicker = Clicker
    monkeypatch.setitem(sys.modules, module.__name__, module)
    group = [
        EntryPoint("clicker", f"{module.__name__}:Clicker", registry.GROUP),
        EntryPoint("gone", "no_such_package:Engine", registry.GROUP),
        EntryPoint("odd", "builtins:dict", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda **_: group)
    loaded, notes = load_engines.__wrapped__()
    assert list(loaded) == ["clicker", "library", "diffusion", "synth"]
    assert [note.text.split()[1] for note in notes] == ["gone", "odd"]


def test_the_embedded_engine_performs(tmp_path):
    event = _event()
    take, notes = make_take(
        event,
        _trajectory(event),
        Space.KITCHEN,
        engine="synth",
        seed=1,
        takes=1,
        sample_count=COUNT,
        folder=tmp_path,
    )
    assert take.engine == "synth" and notes == ()
    assert take.check.hit_recall == 1.0 and take.check.median_onset_offset_ms < 1.0


class Listener:
    """Hears what engines with long bursts play as nothing known."""

    def hear(self, samples, sample_rate, expected):
        loud = np.abs(samples[0]) > 0.2 * np.abs(samples).max()
        return Hearing(3 if loud.mean() < 0.01 else 90, 0.5, ("Knock",))


class Buzzer(Clicker):
    """Plays a buzz where a knock is wanted."""

    name = "buzzer"

    def render(self, event, sample_count, rng):
        self.seen.append(event)
        buzz = 0.2 * np.sign(np.sin(np.arange(sample_count) / 40.0))
        return Dry(buzz[None].astype(np.float32))


def test_a_foreground_take_heard_as_something_else_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(takes, "ear", Listener)
    buzzer, clicker = Buzzer(support=1.0), Clicker(support=0.5)
    made, notes = _make(tmp_path, buzzer, clicker)
    assert made.engine == "clicker"
    assert "in place 3 there, in place 90 in the first" in notes[-1].text
    again, _ = _make(tmp_path, buzzer, clicker)
    assert again == made
    asked, notes = _make(tmp_path, buzzer, clicker, engine="buzzer")
    assert asked.engine == "buzzer"
    assert not notes
    behind, _ = _make(tmp_path, buzzer, clicker, event=_event(layer=Layer.BACKGROUND))
    assert behind.engine == "buzzer"


def test_a_recording_is_heard_beside_a_middling_take_and_only_a_recording(tmp_path, monkeypatch):
    class Middling(Listener):
        """Puts bursts third and a buzz tenth: passable."""

        def hear(self, samples, sample_rate, expected):
            heard = super().hear(samples, sample_rate, expected)
            return heard._replace(rank=min(heard.rank, 10))

    monkeypatch.setattr(takes, "ear", Middling)
    recorded = Clicker(support=0.5)
    recorded.name = takes.RECORDINGS
    made, notes = _make(tmp_path, Buzzer(support=1.0), recorded)
    assert made.engine == takes.RECORDINGS
    assert notes[-1].text.startswith("Of takes by buzzer and library the second")
    made, notes = _make(tmp_path, Buzzer(support=1.0), Clicker(support=0.5))
    assert made.engine == "buzzer"
    assert not notes


def test_behind_the_foreground_a_recording_is_heard_too_and_nobody_else(tmp_path, monkeypatch):
    monkeypatch.setattr(takes, "ear", Listener)
    recorded, other = Clicker(support=0.5), Clicker(support=0.7)
    recorded.name = takes.RECORDINGS
    behind = _event(layer=Layer.BACKGROUND)
    made, notes = _make(tmp_path, Buzzer(support=1.0), other, recorded, event=behind)
    assert made.engine == takes.RECORDINGS
    assert "in place 3 there" in notes[-1].text
    assert not other.seen
