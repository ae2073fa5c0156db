"""What a design asks a seeing model: calls, tokens of text and of pictures, question by question.

    PYTHONPATH=.:tests python -m benchmarks.words.asked [NAME] [--search] [--hears] [--serve]

A transcript of ``tests/data/transcripts`` answers behind a real endpoint, so nothing is paid for.
Tokens are estimated: text by four characters a token, pictures by Anthropic's width times height
through 750. ``--search`` has the first script judged as not good enough, so that the Tree of
Thought is asked for a child; ``--serve`` only answers, on a free port, until a line comes, for
`make test-llm`.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chat_endpoint import Answer, Endpoint, answering, title_of
from transcripts import clip_of, names, read, replying, settings_of, tokens_of

from foley_designer.api import Request, design


def searching(transcript: dict[str, Any]) -> Callable[[dict[str, Any]], Answer]:
    """The transcript's answers, but the first script is not good enough and has one child."""
    plain = replying(transcript)
    first = transcript["answers"]["ScribeReply"]
    changed = (first[0] if isinstance(first, list) else first)["events"][0] | {"force": 0.65}
    child = {"operator": "refine", "flaw": "masking", "reason": "softer", "events": [changed]}
    read_once = [False]

    def answer(request: dict[str, Any]) -> Answer:
        title = title_of(request)
        if title == "ExpandReply":
            changed["event"] = "e01_" + changed["label"].replace(" ", "_")
            return Answer(json.dumps({"children": [child]}))
        if title == "ScoreReply" and not read_once[0]:
            read_once[0] = True
            low = {"script": 1, "align": 0.7, "layer": 0.7, "emotion": 0.7, "objections": []}
            return Answer(json.dumps({"scripts": [low]}))
        return plain(request)

    return answer


def table(requests: list[dict[str, Any]]) -> str:
    """One line a question, and their sum."""
    lines, sums = [f"{'question':16} {'text':>8} {'pictures':>9}"], [0, 0]
    for request in requests:
        text, pictures = tokens_of(request)
        sums = [sums[0] + text, sums[1] + pictures]
        lines.append(f"{title_of(request):16} {text:8,} {pictures:9,}")
    lines.append(f"{f'{len(requests)} calls':16} {sums[0]:8,} {sums[1]:9,}")
    return "\n".join(lines)


def serve(endpoint: Endpoint) -> None:
    """Say how to ask the endpoint, and answer until a line or the end of input comes."""
    sys.stdout.write(
        f"OPENAI_BASE_URL={endpoint.settings['OPENAI_BASE_URL']} FOLEY_LLM_MODEL=recorded "
        "FOLEY_LLM_VISION=1\n"
    )
    sys.stdout.flush()
    sys.stdin.readline()


def main() -> None:
    """Design a transcript's clip and print what was asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "name", nargs="?", default="smith", choices=[*names(drawn=True), *names(drawn=False)]
    )
    parser.add_argument("--search", action="store_true")
    parser.add_argument("--hears", action="store_true")
    parser.add_argument("--serve", action="store_true")
    chosen = parser.parse_args()
    transcript = read(chosen.name)
    media = os.environ.get("FOLEY_MEDIA")
    with answering() as endpoint, tempfile.TemporaryDirectory() as place:
        endpoint.answer = (searching if chosen.search else replying)(transcript)
        if chosen.serve:
            serve(endpoint)
            return
        clip, _ = clip_of(transcript, Path(place), Path(media) if media else None)
        settings = settings_of(
            transcript,
            endpoint,
            llm_picture_px=1568,
            llm_hearing=chosen.hears,
            data_dir=Path(place) / "data",
        )
        said = transcript.get("description")
        record = design(Request(clip, description=said), Path(place) / "out", settings=settings)
        sys.stdout.write(table(endpoint.requests) + "\n")
        notes = [note.text for note in record.notes if note.step == "model"]
        sys.stdout.write("\n".join([*notes, f"{record.usage['sounds']:.0f} sounds"]) + "\n")


if __name__ == "__main__":
    main()
