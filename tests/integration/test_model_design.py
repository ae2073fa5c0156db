"""A whole design with recorded answers: what was said reaches the stems, at a bounded cost."""

from pathlib import Path

import numpy as np
import pytest
from chat_endpoint import answering, title_of
from transcripts import clip_of, read, replying, settings_of, tokens_of

from foley_designer.api import Request, design
from foley_designer.core.note import NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Hit
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import Stage
from foley_designer.export.audio.wav import read_wav
from foley_designer.generator.synth.physics.engine import HIT_RANGE_DB
from foley_designer.metrics.onset import locate_onset

pytestmark = pytest.mark.slow

RATE = 48_000
MOST_CALLS, MOST_TEXT, MOST_PICTURES = 12, 40_000, 25_000
"""Of an 8 s clip: calls, tokens of text, tokens of pictures."""


def test_eight_seconds_are_designed_as_answered_within_the_budget(tmp_path: Path) -> None:
    transcript = read("smith")
    (told,) = transcript["answers"]["ScribeReply"]["events"][:1]
    clip, _ = clip_of(transcript, tmp_path, None)
    with answering() as endpoint:
        endpoint.answer = replying(transcript)
        settings = settings_of(
            transcript, endpoint, llm_picture_px=1568, takes=1, data_dir=tmp_path / "data"
        )
        out = tmp_path / "out"
        record = design(Request(clip, description="A smith at work."), out, settings=settings)
        requests = endpoint.requests
    assert record.stage is Stage.DONE
    assert not [
        note for note in record.notes if note.kind is NoteKind.FALLBACK and note.step != "see"
    ]
    costs = [tokens_of(request) for request in requests]
    assert len(requests) <= MOST_CALLS, list(map(title_of, requests))
    assert sum(text for text, _ in costs) <= MOST_TEXT
    assert sum(pictures for _, pictures in costs) <= MOST_PICTURES
    assert record.usage["calls"] == len(requests)
    session = Session(out)
    script = FoleyScript.from_json((out / "script.json").read_bytes())
    (hammer,) = script.foreground
    cues = session.get(Cues, record.documents["cues"]).of(hammer.id)
    assert [hit.strength for hit in hammer.hits] == [hit["strength"] for hit in told["hits"]]
    active = np.asarray(cues.active)
    assert np.median(np.asarray(cues.distance_m)[active]) == pytest.approx(
        told["distance_m"], rel=0.01
    )
    (stem,) = [one for one in record.stems if one.event_id == hammer.id]
    heard = read_wav(out / stem.file)
    for hit, one in zip(hammer.hits, told["hits"], strict=True):
        assert hit.time_s == pytest.approx(one["time_s"], abs=told["tolerance_s"])
    _in_time_and_relation(heard, hammer.hits)
    left, right = np.sqrt(np.mean(heard**2, axis=1))
    assert bool(left > right) is bool(np.median(np.asarray(cues.azimuth_deg)[active]) > 0)


def _in_time_and_relation(heard: np.ndarray, hits: tuple[Hit, ...]) -> None:
    """Every blow sets in when it was told; their levels follow the told strengths, upon which in a
    stem lie the room and what rings on from blow to blow."""
    levels = []
    for hit in hits:
        found = locate_onset(heard, RATE, hit.time_s)
        assert found is not None
        assert found.time_s == pytest.approx(hit.time_s, abs=0.03)
        start = round(hit.time_s * RATE)
        levels.append(20 * np.log10(np.abs(heard[:, start : start + RATE // 5]).max()))
    given = np.array([HIT_RANGE_DB * hit.strength for hit in hits])
    assert np.corrcoef(levels, given)[0, 1] > 0.8
