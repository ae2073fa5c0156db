"""A real endpoint on a loopback port that answers well, badly, late or not at all; a brief."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from foley_designer.agents.team import Team, assemble
from foley_designer.core.brief import Brief
from foley_designer.core.clip import Clip
from foley_designer.core.config import Settings
from foley_designer.core.observation import (
    Box,
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    Shot,
    Sighting,
    Track,
)
from foley_designer.core.screenplay import Element, ElementKind, ScriptScene
from foley_designer.core.structured_text import StructuredText
from foley_designer.memory.knowledge_base import Knowledge, load

STEPS = {
    "card": "footsteps-gravel",
    "label": "boots on the path",
    "layer": "foreground",
    "times": [0.52, 0.97, 1.5],
    "track": "t1",
    "surface": "gravel",
    "reason": "moments m0 to m2",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "ScribeReply": {
        "summary": "A man walks by.",
        "space": "open_field",
        "tone": {"valence": 0.2, "arousal": 0.3, "words": ["calm"]},
        "events": [
            STEPS,
            {
                "card": "ambience-field",
                "label": "meadow",
                "layer": "background",
                "spans": [{"start": -5, "end": 99}],
            },
        ],
    },
    "ReviewReply": {
        "objections": [{"flaw": "script_sound_missing", "text": "The train is not there."}]
    },
    "ScoreReply": {"align": 0.5, "layer": 0.5, "emotion": 0.5, "objections": []},
    "ExpandReply": {
        "children": [
            {
                "operator": "refine",
                "flaw": "missing_surface",
                "reason": "the path is gravel",
                "events": [STEPS],
            },
            {"operator": "refine", "flaw": "masking", "reason": "nothing", "events": []},
        ]
    },
    "PlanReply": {"tracks": []},
    "ReverbReply": {"tracks": []},
    "EqReply": {"tracks": []},
    "DynamicsReply": {"tracks": []},
    "CritiqueReply": {"tracks": []},
}


class Endpoint(ThreadingHTTPServer):
    """Speaks the chat-completions protocol on a loopback port."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = dict(ANSWERS)
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], Answer] = well
        self.release = threading.Event()

    def behave(self, manner: str, first: str | None = None) -> None:
        """Answer in this manner, and the first time in another one."""
        start = len(self.requests) + 1

        def answer(request: dict[str, Any]) -> Answer:
            now = first if first and len(self.requests) == start else manner
            return MANNERS[now](request)

        self.answer = answer

    def team(self, knowledge: Knowledge, **settings: Any) -> Team:
        """A team that asks this endpoint."""
        return assemble(Settings(**(self.settings | settings)), knowledge)

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "llm_model": "tiny",
            "llm_timeout_s": 10,
            "OPENAI_BASE_URL": f"http://127.0.0.1:{self.server_port}/v1",
        }


class Answer:
    """One scripted answer."""

    def __init__(
        self,
        content: str | None,
        *,
        status: int = 200,
        finish: str = "stop",
        body: bytes | None = None,
        hold: bool = False,
        trickles: bool = False,
        call: bool = False,
    ) -> None:
        self.status, self.hold, self.trickles = status, hold, trickles
        message: dict[str, Any] = {"role": "assistant", "content": content}
        if call:
            function = {"name": "f", "arguments": content}
            message = {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c", "type": "function", "function": function}],
            }
        completion = {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": "tiny",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
        }
        self.body = json.dumps(completion).encode() if body is None else body


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(request)
        answer = self.server.answer(request | {"answers": self.server.answers})
        if answer.hold:
            self.server.release.wait(20)
        try:
            if answer.trickles:
                self._trickle(answer)
                return
            self.send_response(answer.status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def _trickle(self, answer: Answer) -> None:
        """Send a space now and then, as proxies do to keep a connection open."""
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        while not self.server.release.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        pass


def right(request: dict[str, Any]) -> str:
    """The answer that was prepared, by the title of the schema that the request carries."""
    found = re.findall(
        r'"title": "(\w+Reply)", "type": "object"}\Z', request["messages"][0]["content"]
    )
    return json.dumps(request["answers"][found[-1]])


def well(request: dict[str, Any]) -> Answer:
    return Answer(right(request), call=bool(request.get("tools")))


def fenced(request: dict[str, Any]) -> Answer:
    return Answer(f"Here you are:\n```json\n{right(request)}\n```\nEnjoy {{it}}!")


def thinking(request: dict[str, Any]) -> Answer:
    return Answer(f'<think>Maybe {{"summary": 1}}?</think>\n{right(request)}')


def half_thinking(request: dict[str, Any]) -> Answer:
    return Answer(f'so {{"events": []}} it is</think>{right(request)}')


def truncated(request: dict[str, Any]) -> Answer:
    return Answer(right(request)[:-30], finish="length")


def empty(request: dict[str, Any]) -> Answer:
    return Answer("")


def null(request: dict[str, Any]) -> Answer:
    return Answer(None)


def wrong_types(request: dict[str, Any]) -> Answer:
    return Answer('{"summary": [], "space": "moon", "tone": 3, "events": {"a": "b"}}')


def constants(request: dict[str, Any]) -> Answer:
    return Answer('{"summary": "a", "space": "hall", "events": [NaN, Infinity]}')


def unknown_names(request: dict[str, Any]) -> Answer:
    return Answer(right(request).replace("footsteps-gravel", "footsteps-cheese"))


def prose(request: dict[str, Any]) -> Answer:
    return Answer("I'd rather talk about the weather.")


def braces(request: dict[str, Any]) -> Answer:
    return Answer('{"a":' * 3000 + "{" * 3000)


def failing(request: dict[str, Any]) -> Answer:
    return Answer(None, status=500, body=b"out of order")


def leaking(request: dict[str, Any]) -> Answer:
    return Answer(None, status=401, body=b'{"error": {"message": "bad key sk-secret"}}')


def garbage(request: dict[str, Any]) -> Answer:
    return Answer(None, body=b"<html>busy</html>")


def choiceless(request: dict[str, Any]) -> Answer:
    return Answer(None, body=b'{"id":"x","object":"chat.completion","choices":[]}')


def late(request: dict[str, Any]) -> Answer:
    return Answer(right(request), hold=True)


def trickling(request: dict[str, Any]) -> Answer:
    return Answer(right(request), trickles=True)


MANNERS = {
    manner.__name__: manner
    for manner in (
        well,
        fenced,
        thinking,
        half_thinking,
        truncated,
        empty,
        null,
        wrong_types,
        constants,
        unknown_names,
        prose,
        braces,
        failing,
        leaking,
        garbage,
        choiceless,
        late,
        trickling,
    )
}


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    ids = {"footsteps-gravel", "footsteps-boots", "ambience-field", "vehicle-train"}
    return Knowledge(tuple(card for card in load().cards if card.id in ids))


@pytest.fixture(scope="module")
def brief() -> Brief:
    clip = Clip(
        name="a.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=Fraction(25),
        duration_s=3.0,
        frame_count=75,
    )
    sighting = Sighting(
        time_s=0, box=Box(x=0.4, y=0.5, width=0.2, height=0.6), distance_m=4, speed=0.1
    )
    walker = Track(
        id="t1",
        kind=MotionKind.WALKING,
        confidence=0.9,
        sightings=tuple(sighting.model_copy(update={"time_s": i / 25}) for i in range(75)),
    )
    moments = tuple(
        Moment(
            id=f"m{i}",
            time_s=0.5 + 0.5 * i,
            kind=MomentKind.STEP,
            confidence=0.9,
            strength=0.7,
            track_id="t1",
            x=0.4,
            y=0.8,
        )
        for i in range(3)
    )
    shot = Shot(
        index=0,
        start_s=0,
        end_s=3,
        brightness=0.5,
        saturation=0.3,
        motion=0.1,
        keyframes=("k0.png",),
    )
    return Brief(
        observation=Observation(
            clip=clip,
            field_of_view_deg=54,
            shots=(shot,),
            tracks=(walker,),
            moments=moments,
            activity=(0.05,) * 75,
        ),
        scene=ScriptScene(
            heading="EXT. PATH - DAY",
            interior=False,
            place="PATH",
            elements=(
                Element(kind=ElementKind.ACTION, text="A man in boots walks on gravel.", line=2),
            ),
        ),
    )


@pytest.fixture(scope="module")
def ruled_text(knowledge: Knowledge, brief: Brief) -> StructuredText:
    """What a failing model falls back to."""
    return assemble(Settings(llm_model=None), knowledge).scribe.propose(brief, None, ())
