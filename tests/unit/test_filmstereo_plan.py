from collections import Counter

import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import FoleyError
from foley_designer.core.sounds.model import Action, Belongs
from foley_designer.core.space import ACOUSTICS
from foley_designer.datasets.item import Motion, Zone
from foley_designer.filmstereo.captions import SIDES, SPACES, caption, sound_words
from foley_designer.filmstereo.config import DatasetConfig, read_config
from foley_designer.filmstereo.plan import REGIONS_DEG, ZONES_M, plan, zones_of
from foley_designer.filmstereo.sources import Kind, admits, collect, recorded, synthesised
from foley_designer.generator.library.indexing import classified
from foley_designer.generator.library.recording import Recording, Traits
from foley_designer.memory.knowledge_base import load


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    return collect(DatasetConfig(), load(), work).sources


@pytest.fixture(scope="module")
def tasks(sources):
    return plan(DatasetConfig(items=1380), sources)


def test_subcategories_places_and_motions_are_evenly_spread(tasks):
    kinds = Counter(task.source.subcategory for task in tasks)
    assert kinds == dict.fromkeys(Subcategory, 60)
    placed = [task.placing for task in tasks if not task.placing.around]
    places = Counter((p.regions_deg[0], p.zones[0]) for p in placed)
    assert len(places) == 15
    for zone in Zone:  # zones follow the sounds' usual distances, regions don't
        sides = [places[region, zone] for region in REGIONS_DEG]
        assert max(sides) < 1.25 * min(sides)
        assert sum(sides) > 0.15 * len(placed)
    going = [task.placing for task in tasks if task.source.row.may_go]
    moving = sum(p.motion is not Motion.STATIC for p in going)
    assert moving / len(going) == pytest.approx(0.5, abs=0.05)
    sizes = Counter(p.size for p in placed)
    assert max(sizes.values()) < 1.15 * min(sizes.values())


def test_numbers_lie_where_words_say(tasks):
    for task in tasks:
        placing = task.placing
        assert 8.0 <= placing.seconds <= 10.0
        assert 0.16 <= placing.ear_spacing_m <= 0.18
        assert placing.around == (task.source.row.action is Action.FILL)
        if placing.around:
            continue
        for region, azimuth in zip(placing.regions_deg, placing.azimuth_deg, strict=True):
            assert abs(region - azimuth) <= 5.0
        for zone, metres in zip(placing.zones, placing.distance_m, strict=True):
            assert ZONES_M[zone][0] <= metres <= ZONES_M[zone][1]


def test_nothing_sounds_against_sense(tasks):
    told = {Belongs.INDOORS: False, Belongs.OUTDOORS: True}
    for task in tasks:
        row, placing = task.source.row, task.placing
        if row.place in told:
            assert ACOUSTICS[placing.space].outdoors is told[row.place], row.name
        assert row.may_go or placing.motion is Motion.STATIC, row.name
        if not placing.around:
            assert set(placing.zones) <= set(zones_of(row)), row.name
    rows = {task.source.row.name: task.source.row for task in tasks}
    assert not rows["door-slam"].may_go and rows["heels"].may_go
    assert rows["sea-ambience"].place is Belongs.OUTDOORS
    assert zones_of(rows["keyboard"]) == (Zone.NEAR, Zone.MID)
    assert zones_of(rows["church-bell"]) == (Zone.FAR,)


def test_the_space_says_nothing_of_the_kind_beyond_where_it_belongs(tasks):
    by_kind: dict[tuple[Subcategory, Belongs], Counter] = {}
    for task in tasks:
        key = task.source.subcategory, task.source.row.place
        by_kind.setdefault(key, Counter())[task.placing.space] += 1
    for (kind, place), spaces in by_kind.items():
        outdoors = [count for space, count in spaces.items() if ACOUSTICS[space].outdoors]
        if place is Belongs.OUTDOORS and sum(outdoors) >= 8:
            assert max(outdoors) - min(outdoors) <= 1, kind


def test_an_origin_lies_in_one_split(tasks):
    splits = {}
    for task in tasks:
        splits.setdefault(task.source.name, set()).add(task.split)
    assert all(len(found) == 1 for found in splits.values())
    test = sum(task.split == "test" for task in tasks)
    assert 0.03 < test / len(tasks) < 0.2


def test_plan_and_keys_follow_from_configuration_alone(sources, tasks):
    again = plan(DatasetConfig(items=1380), sources)
    assert [task.key for task in again] == [task.key for task in tasks]
    assert len({task.key for task in tasks}) == len(tasks)
    longer = plan(DatasetConfig(items=1400), sources)
    assert [task.key for task in longer[:1380]] == [task.key for task in tasks]
    other = plan(DatasetConfig(items=3, denoise_db=-20), sources)
    assert {task.key for task in other}.isdisjoint(task.key for task in tasks[:3])


def test_captions_say_place_movement_and_space(tasks):
    import numpy as np

    for task in tasks[:300]:
        words = caption(task, np.random.default_rng(task.index)).lower()
        assert task.source.sound in words
        if task.placing.around:
            assert "all around" in words
            continue
        assert SPACES[task.placing.space] in words
        assert any(side in words for side in SIDES[task.placing.regions_deg[0]])
        assert ("moving" in words) == (task.placing.regions_deg[0] != task.placing.regions_deg[1])
        nearer = list(Zone).index(task.placing.zones[0]) > list(Zone).index(task.placing.zones[1])
        assert ("coming closer" in words) == nearer
        other = "right" if task.placing.regions_deg[0] > 0 else "left"
        if task.placing.motion is Motion.STATIC and task.placing.regions_deg[0] != 0:
            assert other not in words.replace(sound_words(task), "")


def test_every_region_zone_and_space_has_words():
    assert set(SIDES) == set(REGIONS_DEG)
    assert set(DatasetConfig().spaces) <= set(SPACES)


def test_cards_are_named_by_the_first_of_what_they_list():
    names = {source.sound for card in load().cards for source in synthesised(card)}
    assert "heavy boots on gravel" in names or "heavy boots on dirt" in names
    assert not any(" or " in name for name in names)
    assert max(map(len, names)) <= 60


@pytest.mark.parametrize(
    ("licence", "admitted"),
    [
        ("CC BY 3.0", True),
        ("CC BY-NC 4.0", False),
        ("CC BY-SA 3.0", False),
        ("CC0 1.0", True),
        ("public domain", True),
        ("CC Sampling+", False),
    ],
)
def test_licences(licence, admitted):
    assert admits(DatasetConfig().licences, licence) is admitted


def test_a_configuration_is_read_and_its_faults_named(tmp_path):
    file = tmp_path / "set.yaml"
    file.write_text("name: a\nitems: 5\nfolders:\n  - path: sounds\n    licence: CC0 1.0\n")
    assert read_config(file).folders[0].path == tmp_path / "sounds"
    for text, said in (
        ("items: 0", "items"),
        ("itens: 4", "itens"),
        ("seconds: [9, 8]", "no range"),
        ("synthesis: false", "no source"),
        ("- 1", "no list of fields"),
        ("a: [", "expected"),
    ):
        file.write_text(text)
        with pytest.raises(FoleyError, match=said):
            read_config(file)
    with pytest.raises(FoleyError, match=r"set\.yaml"):
        read_config(tmp_path / "no" / "set.yaml")


def test_recordings_get_their_share(sources):
    one = next(source for source in sources if source.subcategory is Subcategory.DOOR)
    recording = one.model_copy(update={"kind": Kind.RECORDING, "name": "recording/x"})
    tasks = plan(DatasetConfig(items=40, recordings_share=0.25), (one, recording))
    assert Counter(task.source.kind for task in tasks) == {Kind.SYNTHESIS: 30, Kind.RECORDING: 10}


def test_origins_differ_in_ground_and_material_and_read_as_what_they_are():
    found = {source.name: source for card in load().cards for source in synthesised(card)}
    assert len(found) >= 800
    told = {name: source.sound for name, source in found.items()}
    assert told["door-close/plain"] == "door closing"
    assert told["door-close/plain/metal"] == "metal door closing"
    assert told["door-knock/plain/glass"] == "knocking on a glass door"
    assert told["box/tile/steel"] == "steel box on tile"
    assert told["friction-drag/dirt/stone"] == "dragging something heavy, stone on dirt"
    assert told["handling-coins/wood"] == "coins on wood"
    steel = found["box/tile/steel"].performance
    assert (steel.surface, steel.material) == ("tile", "steel")
    heels = {name.split("/")[1] for name in found if name.startswith("footsteps-heels/")}
    assert heels >= {"gravel", "snow", "carpet"}
    assert not any(name.startswith("chainsaw/") and "water" in name for name in found)
    for source in found.values():
        row = source.row
        assert not row.comes_in or row.made_of, row.name
        assert set(row.comes_in) <= set(row.materials), row.name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openclonk balloon pop. a balloon bursts, starter. a balloon bursts", "a balloon bursts"),
        ("wood hit. planks, starter. wood is hit, a plank", "wood is hit"),
        ("1 100032 A. dog bark", "dog bark"),
    ],
)
def test_a_recording_is_called_what_somebody_says_of_it(text, said):
    knowledge = load()
    found = recorded(classified(recording(text), knowledge), None, knowledge, ("CC0",))
    assert found.sound == said


def recording(text):
    traits = Traits(
        duration_s=1.0, channels=1, sample_rate=48_000, loudness_db=-20.0, peak_db=-3.0,
        centroid_hz=900.0, tonality=0.2, decay_s=0.2, activity=1.0, active_s=(0.0, 1.0),
        onset_rate=1.0, mel_db=(0.0,), mel_spread_db=(0.0,),
    )  # fmt: skip
    return Recording(
        path="/x.wav", root="/", size=1, mtime_ns=1, sha256="0" * 64, text=text,
        credit="x, by y, CC0 1.0", traits=traits,
    )  # fmt: skip
