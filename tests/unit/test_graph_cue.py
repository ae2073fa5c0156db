"""cue: events are traced anew where one of them is elsewhere or at another time."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sample_session import finished_session

from foley_designer.core.revision.apply import apply
from foley_designer.core.revision.operations import AdjustLevel, AdjustPan, AdjustTime, Operation
from foley_designer.core.revision.sounding import Equalise
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.graph.nodes.cue import cue


class TracedError(Exception):
    """The picture was looked at."""


@pytest.mark.parametrize(
    ("operation", "moves"),
    [
        (lambda key: AdjustLevel(event_id=key, change_db=-3), False),
        (lambda key: AdjustLevel(event_id=key, change_db=-3, hits=(1,)), False),
        (lambda key: Equalise(event_id=key, frequency_hz=200, gain_db=2), False),
        (lambda key: AdjustPan(event_id=key, change_deg=10), True),
        (lambda key: AdjustTime(event_id=key, shift_s=0.1), True),
    ],
)
def test_a_level_moves_nothing(tmp_path: Path, operation: Any, moves: bool) -> None:
    finished_session(tmp_path / "yard")
    session = Session(tmp_path / "yard")
    record = session.finished()
    script = session.get(FoleyScript, record.documents["script"])
    key = next(event.id for event in script.events if len(event.hits) > 1)
    asked: Operation = operation(key)

    def traced(*_: object) -> None:
        raise TracedError

    bench: Any = SimpleNamespace(
        get=session.get, session=session, send=traced, settings=SimpleNamespace(angle_model="paper")
    )
    state: Any = {
        "script": session.put(apply(script, [asked])),
        "observation": "",
        "base": str(record.revision),
        "cues": record.documents["cues"],
    }
    bench.get = lambda kind, digest: session.get(kind, digest) if digest else None
    if moves:
        with pytest.raises(TracedError):
            cue(state, bench)
    else:
        assert cue(state, bench) == {"cues": record.documents["cues"], "attempt": 0}
    del state["base"]
    with pytest.raises(TracedError):
        cue(state, bench)
