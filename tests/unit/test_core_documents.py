import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.space import Space


def plan(gain_db: float = 0) -> MixPlan:
    return MixPlan(space=Space.STREET, tracks=(TrackPlan(event_id="a", gain_db=gain_db),))


@given(st.floats(-60, 40, allow_nan=False))
def test_json_returns_the_same_document(gain_db: float) -> None:
    document = plan(gain_db)
    assert MixPlan.from_json(document.to_json()) == document
    assert MixPlan.from_json(document.to_json()).to_json() == document.to_json()


def test_integer_and_float_zero_hash_alike() -> None:
    assert plan(0).hash == plan(0.0).hash
    assert plan(0).hash != plan(1).hash


def test_hash_depends_on_every_value() -> None:
    assert content_hash("a", "b") != content_hash("ab")
    assert content_hash({"x": 1, "y": 2}) == content_hash({"y": 2, "x": 1})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schema": "cues"}, ErrorCode.DOCUMENT_INVALID),
        ({"schema_version": 99}, ErrorCode.DOCUMENT_TOO_NEW),
        ({"schema_version": "1"}, ErrorCode.DOCUMENT_INVALID),
        ({"surprise": 1}, ErrorCode.DOCUMENT_INVALID),
        ({"space": "moon"}, ErrorCode.DOCUMENT_INVALID),
    ],
)
def test_foreign_documents_are_refused(change: dict[str, object], code: ErrorCode) -> None:
    data = json.loads(plan().to_json()) | change
    with pytest.raises(FoleyError) as caught:
        MixPlan.from_json(json.dumps(data))
    assert caught.value.code is code


def test_older_versions_are_upgraded() -> None:
    class Newer(MixPlan):
        VERSION = 2
        UPGRADES = {1: lambda data: data | {"lfe_gain_db": -20.0}}

    assert Newer.from_json(plan().to_json()).lfe_gain_db == -20.0


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        TrackPlan(event_id="a", gain_db=float("nan"))
