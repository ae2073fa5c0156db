"""A real chat-completions endpoint on a loopback port: it answers well, badly, late or not."""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from foley_designer.agents.roster import Team
from foley_designer.agents.team import assemble
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import Knowledge

STEPS = {
    "card": "footsteps-gravel",
    "label": "boots on the path",
    "layer": "foreground",
    "times": [0.5, 1.0, 1.5],
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
    "ScoreReply": {
        "scripts": [
            {"script": n, "align": 0.5, "layer": 0.5, "emotion": 0.5, "objections": []}
            for n in (1, 2, 3)
        ]
    },
    "ExpandReply": {
        "children": [
            {
                "operator": "refine",
                "flaw": "missing_surface",
                "reason": "the path is gravel",
                "events": [STEPS | {"label": "a stumble", "times": [0.1]}],
            },
            {"operator": "refine", "flaw": "masking", "reason": "nothing", "events": []},
        ]
    },
    "PlanReply": {"tracks": []},
    "ReverbReply": {"tracks": []},
    "EqReply": {"tracks": []},
    "DynamicsReply": {"tracks": []},
    "CritiqueReply": {"tracks": []},
    "RevisionReply": {
        "edits": [
            {
                "quote": "die Schritte leiser",
                "do": {"kind": "adjust_level", "event_id": "e01_boots", "change_db": -3},
            }
        ]
    },
    "CaptionReply": {
        "source": "boots on gravel",
        "place": "close by at the far left",
        "movement": "none",
        "space": "a street",
        "caption": "Close by at the far left, boots walk on gravel in a street.",
    },
    "RatingReply": {"heard": "steps", "reason": "one layer", "score": 4.5},
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
        calls: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.status, self.hold, self.trickles = status, hold, trickles
        message: dict[str, Any] = {"role": "assistant", "content": content}
        if call:
            calls = [("f", content or "")]
        if calls:
            message = {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": f"c{number}",
                        "type": "function",
                        "function": {"name": name, "arguments": arguments},
                    }
                    for number, (name, arguments) in enumerate(calls)
                ],
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
        if wrong := misformed(request):
            answer = Answer(
                None, status=400, body=json.dumps({"error": {"message": wrong}}).encode()
            )
        else:
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


def misformed(request: dict[str, Any]) -> str:
    """What the protocol would turn a request down for: parts that are no picture or sound."""
    for part in parts_of(request):
        if part["type"] == "image_url":
            head, _, data = part["image_url"]["url"].partition(",")
            start = {"data:image/jpeg;base64": b"\xff\xd8", "data:image/png;base64": b"\x89PNG"}
            if not base64.b64decode(data, validate=True).startswith(start.get(head, b"?")):
                return "no picture"
        elif part["type"] == "input_audio":
            audio = part["input_audio"]
            data = base64.b64decode(audio["data"], validate=True)
            if audio["format"] != "wav" or data[:4] + data[8:12] != b"RIFFWAVE":
                return "no sound"
        elif part["type"] != "text":
            return f"unknown part {part['type']}"
    return ""


def parts_of(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of a request's messages that are more than text alone."""
    contents = [message["content"] for message in request["messages"]]
    return [part for content in contents if isinstance(content, list) for part in content]


def title_of(request: dict[str, Any]) -> str:
    """The title of the schema that a request carries."""
    system = request["messages"][0]["content"]
    return re.findall(r'"title": "(\w+Reply)", "type": "object"}\Z', system)[-1]


def right(request: dict[str, Any]) -> str:
    """The answer that was prepared, by the title of the schema that the request carries."""
    return json.dumps(request["answers"][title_of(request)])


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


def looking(request: dict[str, Any]) -> Answer:
    """Calls a tool, one that is not there, and one wrongly; once they answered, answers well."""
    if not request.get("tools"):
        return Answer(right(request))
    if any(message["role"] == "tool" for message in request["messages"]):
        return Answer(f"Now I know.\n{right(request)}")
    query = json.dumps({"query": "boots on a path", "count": 1})
    return Answer(None, calls=[("search_knowledge", query), ("rm", "{}"), ("shots", '{"a"')])


def always_looking(request: dict[str, Any]) -> Answer:
    """Calls tools for as long as there are any."""
    if not request.get("tools"):
        return Answer(right(request))
    return Answer(None, calls=[("shots", "{}")] * 9)


def toolless(request: dict[str, Any]) -> Answer:
    """Turns down requests with tools, as some servers do."""
    if request.get("tools"):
        return Answer(None, status=400, body=b'{"error": {"message": "no tools here"}}')
    return Answer(right(request))


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
        looking,
        always_looking,
        toolless,
        late,
        trickling,
    )
}


@contextmanager
def answering() -> Iterator[Endpoint]:
    """An endpoint that listens until the block ends."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)
