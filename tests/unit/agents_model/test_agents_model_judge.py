"""SRS and CCS by a model that hears, asked over the real protocol."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from chat_endpoint import Answer, Endpoint, answering, right

from foley_designer.agents.judge.model import PROMPTS
from foley_designer.api.evaluation import score
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.settings import Settings
from foley_designer.evaluate.annotations import FILE, Annotations, ClipTruth
from foley_designer.evaluate.tables import markdown
from foley_designer.export.audio.wav import write_wav


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    noise = 0.1 * np.random.default_rng(0).standard_normal((2, 24_000))
    write_wav(tmp_path / "ours" / "boots.wav", noise.astype(np.float32))
    clip = ClipTruth(name="boots", describe="A man in boots walks.", duration_s=0.5)
    (tmp_path / FILE).write_text(Annotations(name="one", clips=(clip,)).to_json())
    return tmp_path


def settings(endpoint: Endpoint) -> Settings:
    return Settings(**endpoint.settings)


def test_each_sound_is_heard_and_rated_twice_without_its_name(folder: Path) -> None:
    with answering() as endpoint:
        found = score(folder, embeddings={}, judge_repeats=2, settings=settings(endpoint))
        requests = endpoint.requests
    rows = {row.name: row for row in found.rows}
    assert len(requests) == len(rows) * len(PROMPTS) * 2
    assert rows["ours"].cells["srs"].value == rows["silence"].cells["ccs"].value == 4.5
    parts = requests[0]["messages"][1]["content"]
    audio = next(part["input_audio"] for part in parts if part["type"] == "input_audio")
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(audio["data"])))
    assert (audio["format"], rate, samples.shape) == ("wav", 24_000, (12_000, 2))
    asked = str(requests)
    assert "A man in boots walks." in asked and "ours" not in asked.replace("hours", "")
    assert "askings differ by 0.00 points" in markdown(found)


def test_disagreement_is_told_and_a_score_out_of_range_is_refused(folder: Path) -> None:
    with answering() as endpoint:
        scores = iter(range(10_000))

        def answer(request: dict) -> Answer:
            return Answer(right(request).replace("4.5", str(next(scores) % 2 * 3)))

        endpoint.answer = answer
        found = score(folder, embeddings={}, judge_repeats=3, settings=settings(endpoint))
        assert any("askings differ by" in each.text for each in found.remarks)
        endpoint.answer = lambda request: Answer(right(request).replace("4.5", "99"))
        refused = score(folder, embeddings={}, judge_repeats=1, settings=settings(endpoint))
    assert any("no usable answer" in each.text for each in refused.remarks)
    assert all(row.cells["srs"].value is None for row in refused.rows)


def test_without_a_model_a_judge_is_refused(folder: Path) -> None:
    with pytest.raises(FoleyError) as caught:
        score(folder, judge_repeats=1, settings=Settings(llm_model=None))
    assert caught.value.code is ErrorCode.CONFIG_INVALID
