"""What requests for a change come to: right, asked back, refused or wrong, by the effect they have.

Requests and dialogues as people say them (``tests/golden/edits``), over six sessions, with what
they mean. Scored is what changes in the script, not which operations say so. The half whose hash
begins with 8 to f is held out: ``--held`` scores it.

    python -m benchmarks.words.edits [--held] [--show] [--only FILE]
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from benchmarks.words.effects import effects
from benchmarks.words.expectations import expected, same
from foley_designer.agents.reviser.rules import RulesReviser
from foley_designer.agents.reviser.understanding import Situation, Turn, Understanding
from foley_designer.core.clip import Clip
from foley_designer.core.revision.apply import RevisionError, apply
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, Span
from foley_designer.memory import knowledge_base

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "edits"
REQUESTS = (
    "requests",
    "fresh",
    "spoken",
    "overheard",
    "lately",
    "unmet",
    "onemore",
    "stranger",
    "outside",
    "outside2",
    "mixnotes",
    "comments",
    "dictated",
    "client",
)
"""Files of requests, in the order in which they were written."""


class Verdicts(NamedTuple):
    """How each saying fared."""

    counts: Counter[str]
    lines: list[str]


@cache
def _golden(file: str) -> Any:
    return yaml.load((GOLDEN / file).read_text(encoding="utf-8"), LOADER)


@cache
def session(name: str) -> Situation:
    """A session of sessions.yaml."""
    told = _golden("sessions.yaml")[name]
    rate, duration = Fraction(told["rate"]), float(told["duration_s"])
    clip = Clip(
        name=f"{name}.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=rate,
        duration_s=duration,
        frame_count=round(duration * rate),
    )
    events = tuple(_event(key, row) for key, row in told["events"].items())
    levels = {key: float(row["level"]) for key, row in told["events"].items()}
    return Situation(
        script=FoleyScript(clip=clip, space=told["space"], events=events), levels=levels
    )


def _event(key: str, row: dict[str, Any]) -> SoundEvent:
    away, at = row.get("off", False), row["at"]
    if at == "around":
        source = Source(kind="around", on_screen=not away)
    elif isinstance(at, dict):
        source = Source(kind="track", track_id=at["track"])
    else:
        source = Source(kind="point", azimuth_deg=at, distance_m=4, on_screen=not away)
    span = row.get("span")
    return SoundEvent(
        id=key,
        label=row["label"],
        description=row["label"],
        subcategory=row["kind"],
        layer=Layer.BACKGROUND if row.get("layer") == "b" else Layer.FOREGROUND,
        hits=tuple(Hit(time_s=time) for time in row.get("hits", ())),
        spans=(Span(start_s=span[0], end_s=span[1]),) if span else (),
        source=source,
        performance=Performance(**row["play"]),
    )


def verdict(  # noqa: PLR0911
    spec: dict[str, Any], meaning: Understanding, base: FoleyScript, current: FoleyScript
) -> tuple[str, str, FoleyScript]:
    """``right``, ``asked``, ``refused`` or ``wrong``, what was done, and the script after it."""
    if meaning.unclear:
        fine = spec.get("lost") or (spec.get("ask") and not _answers(spec))
        return ("right" if fine else "refused"), meaning.unclear, current
    if meaning.options:
        return ("right" if spec.get("ask") else "asked"), meaning.question, current
    if meaning.command or meaning.preference:
        wanted = [key for key in ("undo", "redo") if spec.get(key)] + [spec.get("command")]
        ok = meaning.command in wanted
        return ("right" if ok else "wrong"), str(meaning.command), current
    try:
        after = apply(current, meaning.operations)
    except RevisionError as error:
        return "refused", error.message, current
    done = effects(base, after)
    if after == current:
        return ("right" if spec.get("lost") else "refused"), "That changes nothing.", current
    frame_s = base.clip.frame_s
    for lines in _answers(spec):
        if same(expected(lines, frame_s), done, after):
            return "right", "", after
    if (spec.get("undo") or "back" in (spec.get("or") or ())) and not done:
        return "right", "", after
    return "wrong", "; ".join(f"{e.what} {e.who} {e.value}" for e in done), after


def _answers(spec: dict[str, Any]) -> list[list[str]]:
    others = [one if isinstance(one, list) else [one] for one in spec.get("or", ())]
    return ([spec["do"]] if spec.get("do") else []) + others


def is_held(text: str) -> bool:
    """Whether a saying belongs to the half that is not looked at."""
    return hashlib.sha256(text.encode()).hexdigest()[0] >= "8"


def score_requests(reviser: RulesReviser, *, held: bool, file: str = "requests.yaml") -> Verdicts:
    """Requests that stand alone."""
    counts: Counter[str] = Counter()
    lines = []
    for name, specs in _golden(file).items():
        situation = session(name)
        for spec in specs:
            if is_held(spec["say"]) is not held:
                continue
            meaning = reviser.understand(spec["say"], situation)
            script = situation.script
            found, told, _ = verdict(spec, meaning, script, script)
            counts[found] += 1
            if found != "right":
                lines.append(f"{found:8} {name}: {spec['say']!r} -> {told}")
    return Verdicts(counts, lines)


def score_dialogues(reviser: RulesReviser, *, held: bool) -> Verdicts:
    """Turns of dialogues; the script goes on as each turn was meant or, failing that, done."""
    counts: Counter[str] = Counter()
    lines = []
    for number, dialogue in enumerate(_golden("dialogues.yaml")):
        if is_held(dialogue["turns"][0]["say"]) is not held:
            continue
        for found, line in _turns(reviser, dialogue):
            counts[found] += 1
            if found != "right":
                lines.append(f"{found:8} {number} {line}")
    return Verdicts(counts, lines)


def _turns(reviser: RulesReviser, dialogue: dict[str, Any]) -> Iterator[tuple[str, str]]:
    situation = session(dialogue["session"])
    scripts, said, pending = [situation.script], list[Turn](), ""
    for spec in dialogue["turns"]:
        now = situation.model_copy(
            update={"script": scripts[-1], "said": tuple(said), "pending": pending}
        )
        meaning = reviser.understand(spec["say"], now)
        base = scripts[max(len(scripts) - 1 - spec.get("back", 0), 0)]
        found, told, after = verdict(spec, meaning, base, scripts[-1])
        yield found, f"{spec['say']!r} -> {told}"
        pending = spec["say"] if meaning.options or meaning.unclear else ""
        if meaning.command == "undo" and len(scripts) > 1:
            scripts.append(said[-1].before if said else scripts[-2])
            said = said[:-1]
        elif after != scripts[-1]:
            said.append(
                Turn(request=spec["say"], operations=meaning.operations, before=scripts[-1])
            )
            scripts.append(after)


def main() -> None:
    """Print both scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only", choices=(*REQUESTS, "dialogues"))
    arguments = parser.parse_args()
    reviser = RulesReviser(knowledge_base.load())
    scores: dict[str, Callable[..., Verdicts]] = {
        file: partial(score_requests, file=f"{file}.yaml") for file in REQUESTS
    }
    scores["dialogues"] = score_dialogues
    for name, score in scores.items():
        if arguments.only not in (None, name):
            continue
        counts, lines = score(reviser, held=arguments.held)
        total = sum(counts.values())
        shares = ", ".join(f"{k} {n} ({n / total:.0%})" for k, n in counts.most_common())
        print(f"{name}: {total}: {shares}")
        if arguments.show:
            print("\n".join(lines))


if __name__ == "__main__":
    main()
