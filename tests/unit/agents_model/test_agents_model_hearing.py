"""Agents that mix hear stems and mix where the model does, and may listen to one track alone."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from chat_endpoint import Answer, Endpoint, parts_of, right, title_of

from foley_designer.agents.roster import Team
from foley_designer.agents.team import assemble
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space
from foley_designer.export.audio.wav import write_wav
from foley_designer.graph.benches import set_up
from foley_designer.graph.nodes.diagnose import measured
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.measure import Measured

RATE = 48_000
MIXING = ("PlanReply", "ReverbReply", "EqReply", "DynamicsReply", "CritiqueReply")


@pytest.fixture
def script(brief: Any) -> FoleyScript:
    def event(number: int, layer: Layer, *times: float) -> SoundEvent:
        return SoundEvent(
            id=f"e0{number}",
            label=f"sound {number}",
            description="A knock.",
            subcategory="object_impact",
            layer=layer,
            hits=tuple(Hit(time_s=time_s) for time_s in times),
            source=Source(kind=SourceKind.POINT),
        )

    events = (event(1, Layer.BACKGROUND, 0.5), event(2, Layer.FOREGROUND, 1.0, 2.0))
    return FoleyScript(clip=brief.observation.clip, space=Space.HALL, events=events)


@pytest.fixture
def hearing(
    endpoint: Endpoint, script: FoleyScript, tmp_path: Path
) -> Callable[..., tuple[Workbench, Diagnosis]]:
    """A session whose takes are a low and a high tone, measured for a model."""
    takes = []
    for number, event in enumerate(script.events):
        take = np.zeros((2, 3 * RATE), np.float32)
        for hit in event.hits:
            start, time_s = round(hit.time_s * RATE), np.arange(RATE // 4) / RATE
            wave = 0.3 * np.sin(2 * np.pi * (300, 3000)[number] * time_s) * np.exp(-12 * time_s)
            take[:, start : start + len(wave)] = wave
        path = tmp_path / "out" / f"{event.id}.wav"
        path.parent.mkdir(exist_ok=True)
        write_wav(path, take)
        takes.append(Measured(event=event, file=str(path), gain_db=-6.0, distance_m=2.0))

    def made(**settings: Any) -> tuple[Workbench, Diagnosis]:
        given = Settings(**endpoint.settings, **settings, data_dir=tmp_path / "data")
        bench = set_up(Session(tmp_path / "out"), given, tmp_path / "clip.mp4")
        return bench, measured(bench, script, tuple(takes), ())

    return made


def mix(team: Team, script: FoleyScript, diagnosis: Diagnosis) -> None:
    """Ask everyone who mixes."""
    plan = team.planner.plan(script, diagnosis)
    tracks = tuple(
        track.model_copy(update={"operations": tuple(one.operation for one in team.specialists)})
        for track in plan.tracks
    )
    plan = plan.model_copy(update={"tracks": tracks})
    for specialist in team.specialists:
        specialist.propose(script, diagnosis, plan, ())
    team.critic.review(script, plan, diagnosis, diagnosis)


def sounds_of(request: dict[str, Any]) -> list[np.ndarray]:
    audio = [part["input_audio"] for part in parts_of(request) if part["type"] == "input_audio"]
    files = [io.BytesIO(base64.b64decode(one["data"])) for one in audio]
    read = [soundfile.read(file, always_2d=True) for file in files]
    assert {rate for _, rate in read} <= {24_000}
    return [samples.T for samples, _ in read]


@pytest.mark.slow
def test_who_mixes_hears_the_sum_and_every_track(
    endpoint: Endpoint, hearing: Any, script: FoleyScript
) -> None:
    bench, diagnosis = hearing(llm_hearing=True)
    mix(bench.team, script, diagnosis)
    assert tuple(map(title_of, endpoint.requests)) == MIXING
    for request in endpoint.requests:
        whole, first, second = sounds_of(request)
        assert np.abs(whole - first - second).max() < 1e-3, "the sum of both at their faders"
        assert np.abs(first).max() == pytest.approx(0.3 * 10 ** (-6 / 20), rel=0.1)
        texts = [part["text"] for part in parts_of(request) if part["type"] == "text"]
        assert "e02 alone, at its fader:" in texts[2], "foreground first"
        assert "The story:" in texts[0]
    assert bench.team.usage()["sounds"] == 15
    assert not bench.team.tally()[:-1], "nobody fell back"


def test_who_does_not_hear_is_sent_no_sound(
    endpoint: Endpoint, hearing: Any, script: FoleyScript
) -> None:
    bench, diagnosis = hearing()
    mix(bench.team, script, diagnosis)
    assert not any(sounds_of(request) for request in endpoint.requests if parts_of(request))
    assert not list(bench.session.pictures.glob("heard_*")), "nothing is written for nobody"


@pytest.mark.parametrize("hears", [True, False])
@pytest.mark.slow
def test_listen_answers_with_figures_a_mel_picture_and_the_sound(
    endpoint: Endpoint, hearing: Any, script: FoleyScript, hears: bool
) -> None:
    def answer(request: dict[str, Any]) -> Answer:
        listened = any(message["role"] == "tool" for message in request["messages"])
        if title_of(request) != "PlanReply" or listened:
            return Answer(right(request))
        return Answer(None, calls=[("listen", '{"event": "e09"}'), ("listen", '{"event": "e02"}')])

    endpoint.answer = answer
    bench, diagnosis = hearing(llm_vision=True, llm_tools=True, llm_hearing=hears)
    bench.team.planner.plan(script, diagnosis)
    first, last = endpoint.requests
    assert "listen" in {tool["function"]["name"] for tool in first["tools"]}
    wrong, good = [m["content"] for m in last["messages"] if m["role"] == "tool"]
    assert "There is no event" in wrong
    assert "Known: e01, e02" in wrong
    figures = json.loads(good.partition(">")[2].rpartition("</data>")[0])
    assert figures["hits_at_s"] == [1.0, 2.0]
    assert figures["true_peak_dbtp"] == pytest.approx(diagnosis.of("e02").true_peak_dbtp, abs=0.01)
    shown = last["messages"][-1]["content"]
    kinds = [part["type"] for part in shown if part["type"] != "text"]
    assert kinds == ["image_url", "input_audio"] if hears else ["image_url"]
    assert "The model looked with listen before it answered." in {
        note.text for note in bench.team.drain_notes()
    }


def test_only_who_mixes_is_offered_to_listen(
    endpoint: Endpoint, knowledge: Any, brief: Any
) -> None:
    team = assemble(Settings(**endpoint.settings, llm_tools=True), knowledge)
    team.scribe.propose(brief, None, ())
    assert "tools" not in endpoint.requests[0], "there is nothing else on offer here"


def test_a_track_that_is_gone_and_one_too_early_are_said(
    endpoint: Endpoint, hearing: Any, script: FoleyScript
) -> None:
    bench, diagnosis = hearing(llm_tools=True)
    ears = bench.team.planner.client.ears
    assert ears.listen("e01") == "Nothing has been performed yet."
    ears.attend(script, diagnosis)
    for path in bench.session.pictures.glob("heard_*"):
        path.unlink()
    assert ears.listen("e01") == "This track can't be heard any more."
