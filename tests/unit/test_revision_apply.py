"""Operations on scripts: what they change, what they refuse, what must be rendered."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode
from foley_designer.core.mix.processing import Futz
from foley_designer.core.revision import operations as edit
from foley_designer.core.revision import sounding
from foley_designer.core.revision.apply import Problem, RevisionError, apply, operations_given
from foley_designer.core.revision.diff import describe_changes
from foley_designer.core.revision.restoring import inverse
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation, Shot, ShotSize
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.setting import Tone
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.space import Space
from foley_designer.graph.nodes.revise_apply import refuse_unseen


def sound(
    key: str,
    kind: Subcategory,
    hits: tuple[float, ...],
    spans: tuple[tuple[float, float], ...] = (),
) -> SoundEvent:
    return SoundEvent(
        id=key,
        label=key,
        description=key,
        subcategory=kind,
        layer=Layer.FOREGROUND if hits else Layer.BACKGROUND,
        hits=tuple(Hit(time_s=time) for time in hits),
        spans=tuple(Span(start_s=start, end_s=end) for start, end in spans),
        source=Source(kind=SourceKind.POINT, azimuth_deg=10, distance_m=4),
    )


@pytest.fixture
def script() -> FoleyScript:
    clip = Clip(
        name="c.mp4",
        sha256="0" * 64,
        width=64,
        height=36,
        rate=Fraction(25),
        duration_s=8.0,
        frame_count=200,
    )
    return FoleyScript(
        clip=clip,
        space=Space.WORKSHOP,
        events=(
            sound("steps", Subcategory.HUMAN_STEPS, (1.0, 2.0, 3.0)),
            sound("door", Subcategory.DOOR, (4.0,)),
            sound("gate", Subcategory.DOOR, (6.0,)),
            sound("wind", Subcategory.WIND, (), ((0.0, 8.0),)),
            sound("cloth", Subcategory.CLOTH, (), ((1.0, 2.0), (3.0, 4.0))),
        ),
    )


def test_one_hit_changes_alone_and_renders_its_event_alone(script: FoleyScript) -> None:
    after = apply(
        script,
        [
            edit.AdjustLevel(event_id="steps", change_db=-3, hits=(2,)),
            edit.AdjustPan(event_id="steps", change_deg=15, hits=(2,)),
        ],
    )
    first, second, third = after.event("steps").hits
    assert (second.gain_db, second.azimuth_deg) == (-3, 15)
    assert (first, third) == (script.event("steps").hits[0], script.event("steps").hits[2])
    diff = describe_changes(script, after)
    assert diff.rendered == ("steps",)
    assert not diff.planned
    assert len(diff.lines) == 2


def test_a_diff_says_in_words_what_moved(script: FoleyScript) -> None:
    later = apply(script, [edit.AdjustTime(event_id="steps", shift_s=0.04)])
    assert any("all hits +40 ms" in line for line in describe_changes(script, later).lines)
    aside = apply(script, [edit.AdjustPan(event_id="steps", to_deg=30, hits=(2,))])
    assert [hit.azimuth_deg for hit in aside.event("steps").hits] == [0, 20, 0]


RIDE = edit.AdjustLevel(event_id="wind", change_db=-3, from_s=1, to_s=2)
BELL = sounding.Equalise(event_id="wind", frequency_hz=500, gain_db=-2)


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        ([edit.AdjustPan(event_id="door", to_deg=-30)], "at 10° left → at 30° right"),
        ([edit.AdjustDistance(event_id="door", to_m=8)], "distance 4.0 m → 8.0 m"),
        ([RIDE, RIDE], "-6.0 dB from 1.00 s to 2.00 s"),
        ([BELL, BELL], "-4.0 dB at 500 Hz"),
    ],
)
def test_changes_add_up_and_the_diff_says_what_of(
    script: FoleyScript, operations: list[edit.Operation], words: str
) -> None:
    after = apply(script, operations)
    assert describe_changes(script, after).lines[0].endswith(f": {words}")
    once = apply(script, operations[:1])
    if once != after:
        half = f"{float(words.split(maxsplit=1)[0]) / 2:+.1f} {words.partition(' ')[2]}"
        assert describe_changes(once, after).lines[0].endswith(f": {half}")


@pytest.mark.parametrize(("from_s", "to_s"), [(3.0, 2.0), (2.0, 2.0)])
def test_a_stretch_ends_after_it_begins(from_s: float, to_s: float) -> None:
    with pytest.raises(ValidationError, match="is not after"):
        edit.AdjustLevel(event_id="wind", change_db=-3, from_s=from_s, to_s=to_s)
    assert edit.AdjustLevel(event_id="wind", change_db=-3, to_s=to_s).to_s == to_s


@pytest.mark.parametrize(
    ("operation", "rendered", "planned", "mixed"),
    [
        (edit.AdjustLevel(event_id="door", change_db=-3), (), (), ("door",)),
        (edit.AdjustLevel(event_id="steps", change_db=-3, hits=(1,)), (), (), ("steps",)),
        (edit.AdjustReverb(event_id="door", change_db=4), (), (), ("door",)),
        (edit.AdjustPan(event_id="door", change_deg=20), ("door",), (), ()),
        (edit.AdjustTime(event_id="door", shift_frames=-2), ("door",), (), ()),
        (edit.AdjustDistance(event_id="door", factor=2), ("door",), ("door",), ()),
        (
            edit.ChangePerformance(event_id="steps", surface="snow"),
            ("steps",),
            ("steps",),
            (),
        ),
        (edit.Retake(event_id="door"), ("door",), ("door",), ()),
        (edit.ChangeLayer(event_id="door", layer=Layer.BACKGROUND), (), ("door",), ("door",)),
        (edit.AdjustScene(change_db=-2), (), (), ()),
        (edit.ChangeSpace(space=Space.CHURCH), (), (), ()),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_diff_says_what_must_be_done(
    script: FoleyScript,
    operation: edit.Operation,
    rendered: tuple[str, ...],
    planned: tuple[str, ...],
    mixed: tuple[str, ...],
) -> None:
    diff = describe_changes(script, apply(script, [operation]))
    assert (diff.rendered, diff.planned, diff.mixed) == (rendered, planned, mixed)
    assert diff.lines


def test_frames_follow_the_clip(script: FoleyScript) -> None:
    after = apply(script, [edit.AdjustTime(event_id="door", shift_frames=-2)])
    assert after.event("door").start_s == pytest.approx(3.92)


def test_a_place_fixes_what_moved_and_a_change_moves_along(script: FoleyScript) -> None:
    track = Source(kind=SourceKind.TRACK, track_id="t1")
    walking = script.event("steps").model_copy(update={"source": track})
    moving = script.model_copy(update={"events": (walking, *script.events[1:])})
    by = apply(moving, [edit.AdjustPan(event_id="steps", change_deg=15)]).event("steps").source
    assert (by.kind, by.azimuth_deg) == (SourceKind.TRACK, 15)
    to = apply(moving, [edit.AdjustPan(event_id="steps", to_deg=30)]).event("steps").source
    assert (to.kind, to.azimuth_deg) == (SourceKind.POINT, 30)


def test_length_scales_spans_and_stays_in_the_clip(script: FoleyScript) -> None:
    after = apply(script, [edit.AdjustLength(event_id="cloth", factor=3)]).event("cloth")
    assert [(span.start_s, span.end_s) for span in after.spans] == [(1.0, 4.0), (7.0, 8.0)]


def test_split_and_merge_are_opposites(script: FoleyScript) -> None:
    split = apply(script, [edit.SplitEvent(event_id="cloth", at_s=2.5)])
    assert [event.id for event in split.events[-2:]] == ["cloth", "cloth_b"]
    merged = apply(split, [edit.MergeEvents(event_ids=("cloth", "cloth_b"))])
    assert merged == script


def test_a_close_shot_is_nearer_and_drier(script: FoleyScript) -> None:
    after = apply(script, [edit.ChangePerspective(event_id="door", size=ShotSize.CLOSE)])
    assert after.event("door").source.distance_factor < 1
    assert after.event("door").reverb_db < 0


def test_tone_plays_the_foreground_otherwise(script: FoleyScript) -> None:
    tone = Tone(valence=-0.4, arousal=0.6)
    after = apply(script, [edit.ChangeTone(tone=tone, mood="tense")])
    assert after.tone == tone
    moods = {event.id: event.performance.mood for event in after.events}
    assert moods["door"] == "tense"
    assert moods["wind"] is None


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (edit.AdjustLevel(event_id="trumpet", change_db=1), Problem.UNKNOWN_EVENT),
        (edit.AdjustLevel(event_id="steps", change_db=1, hits=(4,)), Problem.UNKNOWN_HIT),
        (edit.AdjustLength(event_id="door", factor=2), Problem.NOT_CONTINUOUS),
        (edit.AdjustTime(event_id="gate", shift_s=3), Problem.OUTSIDE_CLIP),
        (edit.AdjustLevel(event_id="door", change_db=40), Problem.OUT_OF_RANGE),
        (edit.SplitEvent(event_id="door", at_s=5), Problem.NOTHING_TO_SPLIT),
        (edit.MergeEvents(event_ids=("door", "steps")), Problem.UNLIKE_EVENTS),
        (edit.AddEvent(event=sound("door", Subcategory.DOOR, (1.0,))), Problem.ID_IN_USE),
        (edit.AddEvent(event=sound("late", Subcategory.DOOR, (9.0,))), Problem.OUTSIDE_CLIP),
    ],
    ids=lambda value: str(getattr(value, "kind", value)),
)
def test_what_cannot_be_done_is_refused_with_a_code(
    script: FoleyScript, operation: edit.Operation, problem: Problem
) -> None:
    with pytest.raises(RevisionError) as refused:
        apply(script, [edit.AdjustScene(change_db=-1), operation])
    assert refused.value.problem is problem
    assert refused.value.code is ErrorCode.REVISION_INVALID
    assert refused.value.message.startswith("Operation 2")


def test_the_last_event_stays(script: FoleyScript) -> None:
    all_of_them = [edit.RemoveEvent(event_id=event.id) for event in script.events]
    with pytest.raises(RevisionError) as refused:
        apply(script, all_of_them)
    assert refused.value.problem is Problem.LAST_EVENT


def test_operations_are_plain_data_and_strict() -> None:
    adapter: TypeAdapter[edit.Operation] = TypeAdapter(edit.Operation)
    plain = {"kind": "adjust_pan", "event_id": "door", "change_deg": 5.0}
    operation = adapter.validate_python(plain)
    assert adapter.validate_json(adapter.dump_json(operation)) == operation
    for wrong in ({"to_deg": 5}, {"loud": 1}, {"change_deg": 400}):
        with pytest.raises(ValidationError):
            adapter.validate_python(plain | wrong)


@given(change=st.floats(-12, 12), seconds=st.floats(-0.9, 0.9))
def test_a_change_and_its_opposite_leave_nothing(change: float, seconds: float) -> None:
    event = sound("door", Subcategory.DOOR, (4.0,))
    clip = Clip(
        name="c",
        sha256="0" * 64,
        width=8,
        height=8,
        rate=Fraction(24),
        duration_s=8,
        frame_count=192,
    )
    before = FoleyScript(clip=clip, space=Space.HALL, events=(event,))
    change = round(change, 2)
    after = apply(
        before,
        [
            edit.AdjustLevel(event_id="door", change_db=change),
            edit.AdjustTime(event_id="door", shift_s=seconds),
            edit.AdjustTime(event_id="door", shift_s=-seconds),
            edit.AdjustLevel(event_id="door", change_db=-change),
        ],
    )
    assert after.event("door").gain_db == pytest.approx(0, abs=1e-6)
    assert after.event("door").start_s == pytest.approx(4.0, abs=2e-6)


def test_water_is_another_medium_and_walls_are_not(script: FoleyScript) -> None:
    church = apply(script, [edit.ChangeSpace(space=Space.CHURCH)])
    sea = apply(script, [edit.ChangeSpace(space=Space.UNDERWATER)])
    assert describe_changes(script, church).new_space
    assert describe_changes(script, sea).rendered == tuple(event.id for event in script.events)


EVERY = (
    sounding.Equalise(event_id="door", frequency_hz=300, gain_db=-4),
    sounding.Filter(event_id="wind", cut="low", frequency_hz=80),
    sounding.DuckUnder(event_id="wind", by=("steps", "door"), db=4),
    sounding.Compress(event_id="steps", amount=0.3),
    sounding.FadeEvent(event_id="wind", edge="in", length_s=2),
    sounding.SetWidth(event_id="wind", width=1.5),
    sounding.ShiftPitch(event_id="door", change_st=-2),
    sounding.ChangeSpeed(event_id="cloth", factor=0.5),
    sounding.SetRoom(event_id="door", space=Space.CHURCH),
    sounding.HearThrough(event_id="wind", device=Futz.RADIO),
    sounding.MuteEvent(event_id="wind"),
    sounding.SoloEvent(event_id="steps"),
    sounding.LockEvent(event_id="steps"),
    sounding.FollowTrack(event_id="door", track_id="t1"),
    sounding.ChooseTake(event_id="door", take=4),
    sounding.QuantiseHits(event_id="steps"),
    sounding.CopyEvent(event_id="steps", hits=(2,), to_s=5.0),
    sounding.AddHits(event_id="steps", times_s=(0.5, 7.0)),
    sounding.TrimEvent(event_id="cloth", from_s=1.5, to_s=3.5),
    edit.TargetLoudness(lufs=-27),
    edit.AdjustLevel(event_id="wind", change_db=-3, from_s=2, to_s=4),
    edit.AdjustLevel(event_id="steps", change_db=-3, from_s=1.5, to_s=3.5),
    edit.AdjustTime(event_id="steps", to_s=2.5, hits=(2,)),
    edit.RemoveEvent(event_id="door"),
    edit.MergeEvents(event_ids=("door", "gate")),
    edit.ChangeSpace(space=Space.CHURCH),
    edit.ChangeTone(tone=Tone(valence=0.5), mood="happy"),
    edit.AddEvent(event=sound("bell", Subcategory.METAL_IMPACT, (5.0,))),
)


@pytest.mark.parametrize("operation", EVERY, ids=lambda one: one.kind)
def test_each_changes_the_script_says_so_and_has_an_inverse(
    operation: edit.Operation, script: FoleyScript
) -> None:
    off_frames = tuple(
        hit.model_copy(update={"time_s": hit.time_s + 0.013}) for hit in script.events[0].hits
    )
    steps = script.events[0].model_copy(update={"hits": off_frames})
    before = script.model_copy(update={"events": (steps, *script.events[1:])})
    after = apply(before, [operation])
    assert describe_changes(before, after).lines
    back = apply(after, [inverse(before, after)])
    assert back.to_json() == before.to_json()
    written = TypeAdapter(edit.Operation).validate_json(inverse(before, after).model_dump_json())
    assert apply(after, [written]) == before


def test_what_was_changed_since_is_not_taken_back(script: FoleyScript) -> None:
    after = apply(script, [edit.AdjustLevel(event_id="door", change_db=-3)])
    back = inverse(script, after)
    elsewhere = apply(after, [edit.AdjustLevel(event_id="wind", change_db=-1)])
    assert apply(elsewhere, [back]).event("door") == script.event("door")
    later = apply(after, [edit.AdjustLevel(event_id="door", change_db=-1)])
    with pytest.raises(RevisionError) as error:
        apply(later, [back])
    assert error.value.problem is Problem.CHANGED_SINCE


def test_a_locked_event_stays_until_it_is_unlocked(script: FoleyScript) -> None:
    locked = apply(script, [sounding.LockEvent(event_id="door")])
    quieter = edit.AdjustLevel(event_id="door", change_db=-3)
    with pytest.raises(RevisionError) as error:
        apply(locked, [quieter])
    assert error.value.problem is Problem.LOCKED
    free = apply(locked, [sounding.LockEvent(event_id="door", locked=False), quieter])
    assert free.event("door").gain_db == -3


@pytest.mark.parametrize(
    ("operations", "problem"),
    [
        (
            [
                edit.AdjustPan(event_id="door", to_deg=10),
                edit.AdjustPan(event_id="door", to_deg=-10),
            ],
            Problem.CONTRADICTION,
        ),
        ([sounding.DuckUnder(event_id="wind", by=("bell",), db=3)], Problem.UNKNOWN_EVENT),
        ([sounding.DuckUnder(event_id="wind", by=("wind",), db=3)], Problem.OUT_OF_RANGE),
        ([sounding.CopyEvent(event_id="steps", to_s=7.5)], Problem.OUTSIDE_CLIP),
        ([sounding.AddHits(event_id="wind", times_s=(1.0,))], Problem.UNKNOWN_HIT),
        ([sounding.TrimEvent(event_id="cloth", from_s=5, to_s=6)], Problem.OUTSIDE_CLIP),
        (
            [
                sounding.MuteEvent(event_id=key)
                for key in ("steps", "door", "gate", "wind", "cloth")
            ],
            Problem.NOTHING_HEARD,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_refused_with_its_problem(
    operations: list[edit.Operation], problem: Problem, script: FoleyScript
) -> None:
    with pytest.raises(RevisionError) as error:
        apply(script, operations)
    assert error.value.problem is problem


def test_only_what_was_seen_to_move_can_be_followed(script: FoleyScript) -> None:
    shot = Shot(index=0, start_s=0, end_s=8, brightness=0.2, saturation=0.3, motion=0.1)
    seen = Observation(clip=script.clip, field_of_view_deg=54, shots=(shot,))
    with pytest.raises(RevisionError) as refused:
        refuse_unseen([sounding.FollowTrack(event_id="door", track_id="t9")], seen)
    assert refused.value.problem is Problem.UNKNOWN_TRACK


def test_whatever_a_performance_says_can_be_changed():
    fields = set(edit.ChangePerformance.model_fields) - set(edit.EventEdit.model_fields)
    assert fields - {"kind"} == set(Performance.model_fields)


@pytest.mark.parametrize("value", [3, "louder", [{"kind": "no such"}], [{"kind": "adjust_level"}]])
def test_what_is_no_operation_is_refused_in_one_line(value: object) -> None:
    with pytest.raises(RevisionError, match="operations is not valid") as refused:
        operations_given(value)
    assert refused.value.code is ErrorCode.REVISION_INVALID
    assert "\n" not in refused.value.message
