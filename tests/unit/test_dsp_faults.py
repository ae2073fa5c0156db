from typing import Any

import pytest

from foley_designer.core.mix.features import OCTAVES_HZ, Diagnosis, TrackFeatures
from foley_designer.dsp.repair.faults import Expectation, MixFaultKind, find_faults

LEVELS = {"feet": -30.0, "cloth": -40.0, "door": -28.0, "rain": -36.0}
EXPECTED = {
    name: Expectation(level, 0.5 if name in {"feet", "door"} else None, name != "rain")
    for name, level in LEVELS.items()
}


def diagnosis(masking: dict[str, dict[str, float]] | None = None, **changes: Any) -> Diagnosis:
    """Four tracks in their places; ``changes`` are fields of the one named ``feet``."""
    tracks = []
    for name, level in LEVELS.items():
        fields = {
            "event_id": name,
            "centroid_hz": 1000.0,
            "band_db": (0.0,) * len(OCTAVES_HZ),
            "integrated_lufs": level,
            "true_peak_dbtp": -10.0,
            "crest_db": 15.0,
            "correlation": 0.5,
        }
        tracks.append(TrackFeatures(**(fields | (changes if name == "feet" else {}))))
    return Diagnosis(tracks=tuple(tracks), masking=masking or {})


@pytest.mark.parametrize(
    ("changes", "kind", "measured"),
    [
        ({"integrated_lufs": -18.0}, MixFaultKind.TOO_LOUD, 12.0),
        ({"integrated_lufs": -44.0}, MixFaultKind.TOO_QUIET, -14.0),
        ({"rt60_s": 1.2, "rt60_confidence": 0.8}, MixFaultKind.TOO_REVERBERANT, 1.2),
        ({"dc_offset": -0.02}, MixFaultKind.DC_OFFSET, -0.02),
        ({"clipped_samples": 40}, MixFaultKind.CLIPPED, 40.0),
    ],
)
def test_one_fault_is_named_alone(
    changes: dict[str, float], kind: MixFaultKind, measured: float
) -> None:
    (found,) = find_faults(diagnosis(**changes), EXPECTED)
    assert (found.kind, found.event_id) == (kind, "feet")
    assert found.measured == pytest.approx(measured)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"integrated_lufs": -26.0},
        {"integrated_lufs": None},
        {"rt60_s": 0.8, "rt60_confidence": 0.9},
        {"rt60_s": 3.0, "rt60_confidence": 0.2},
        {"dc_offset": 5e-4, "clipped_samples": 1},
    ],
)
def test_small_or_doubtful_deviations_are_no_faults(changes: dict[str, float | None]) -> None:
    assert find_faults(diagnosis(**changes), EXPECTED) == ()


def test_a_mix_that_is_loud_as_a_whole_is_in_balance() -> None:
    louder = {
        name: want._replace(loudness_lufs=-60.0 + LEVELS[name]) for name, want in EXPECTED.items()
    }
    assert find_faults(diagnosis(), louder) == ()


def test_faders_count() -> None:
    hot = diagnosis().model_copy(update={"faders_db": {"door": 12.0}})
    (found,) = find_faults(hot, EXPECTED)
    assert (found.kind, found.event_id) == (MixFaultKind.TOO_LOUD, "door")


def test_masking_names_the_worst_masker_of_foreground_tracks_only() -> None:
    masking = {"feet": {"rain": 0.6, "cloth": 0.4}, "rain": {"feet": 0.9}, "door": {"rain": 0.1}}
    (found,) = find_faults(diagnosis(masking), EXPECTED)
    assert found == (MixFaultKind.MASKED, "feet", 0.6, "rain")


def test_masking_by_or_of_a_track_at_a_wrong_level_is_its_consequence() -> None:
    hides = {"cloth": {"feet": 0.8}}
    (loud,) = find_faults(diagnosis(hides, integrated_lufs=-18.0), EXPECTED)
    assert loud.kind is MixFaultKind.TOO_LOUD
    hidden = {"feet": {"rain": 0.8}}
    (quiet,) = find_faults(diagnosis(hidden, integrated_lufs=-44.0), EXPECTED)
    assert quiet.kind is MixFaultKind.TOO_QUIET
