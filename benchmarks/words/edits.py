"""What requests for a change come to: right, asked back, refused or wrong, by the effect they have.

Requests and dialogues as people say them (``tests/golden/edits``), over six sessions, with what
they mean. Scored is what changes in the script, not which operations say so. The half whose hash
begins with 8 to f is held out: ``--held`` scores it.

    python -m benchmarks.words.edits [--held] [--show] [--only FILE]
"""

import argparse
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from foley_designer.agents.reviser.rules import RulesReviser
from foley_designer.agents.reviser.understanding import Situation, Turn, Understanding
from foley_designer.core.clip import Clip
from foley_designer.core.mix.processing import EqKind
from foley_designer.core.revision.apply import RevisionError, apply
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, Span
from foley_designer.memory import knowledge_base

GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "edits"
REQUESTS = ("requests", "fresh", "spoken", "overheard", "lately")
"""Files of requests, in the order in which they were written."""
REGIONS = ((60, "sub"), (230, "low"), (700, "lowmid"), (2000, "mid"), (5500, "presence"))
"""Upper edges in Hz of the regions that expectations name; above the last is ``high``."""


class Effect(NamedTuple):
    """One thing that changed."""

    what: str
    who: str
    value: str | float = ""


class Verdicts(NamedTuple):
    """How each saying fared."""

    counts: Counter[str]
    lines: list[str]


def session(name: str) -> Situation:
    """A session of sessions.yaml."""
    told = yaml.safe_load((GOLDEN / "sessions.yaml").read_text())[name]
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


def effects(before: FoleyScript, after: FoleyScript) -> list[Effect]:
    """What differs, one entry a fact."""
    old = {event.id: event for event in before.events}
    new = {event.id: event for event in after.events}
    found = [Effect("remove", key) for key in old if key not in new]
    for key, event in new.items():
        if key not in old:
            card = event.cards[0] if event.cards else event.label
            found.append(Effect("add", card, round(event.start_s, 3)))
        else:
            found += _changed(old[key], event, before.clip.frame_s)
    if before.gain_db != after.gain_db:
        found.append(Effect("scene", "", round(after.gain_db - before.gain_db, 3)))
    if before.loudness_lufs != after.loudness_lufs:
        found.append(Effect("loudness", "", after.loudness_lufs or 0.0))
    if before.space is not after.space:
        found.append(Effect("space", "", after.space.value))
    if before.tone != after.tone:
        found.append(Effect("tone", "", after.tone.words[0] if after.tone.words else ""))
    return found


def _changed(was: SoundEvent, now: SoundEvent, frame_s: float) -> Iterator[Effect]:
    key = was.id
    if was.subcategory is not now.subcategory or (now.cards and now.cards != was.cards):
        yield Effect("replace", key, now.cards[0] if now.cards else now.label)
    else:
        for field in Performance.model_fields:
            old, new = getattr(was.performance, field), getattr(now.performance, field)
            if old != new:
                yield Effect("perform", f"{key}.{field}", _delta(old, new))
    if now.gain_db != was.gain_db:
        yield Effect("level", key, round(now.gain_db - was.gain_db, 3))
    if now.reverb_db != was.reverb_db:
        yield Effect("reverb", key, round(now.reverb_db - was.reverb_db, 3))
    if now.layer is not was.layer:
        yield Effect("layer", key, now.layer.value)
    if now.take != was.take:
        yield Effect("take", key, now.take)
    for field in ("locked", "muted", "soloed"):
        if getattr(now, field) != getattr(was, field):
            verb = {"locked": "lock", "muted": "mute", "soloed": "solo"}[field]
            yield Effect(verb if getattr(now, field) else f"un{verb}", key)
    yield from _place(was, now)
    yield from _times(was, now, frame_s)
    yield from _treated(was, now)


def _delta(old: object, new: object) -> str | float:
    if isinstance(old, float) and isinstance(new, float):
        return round(new - old, 3)
    return str(new)


def _place(was: SoundEvent, now: SoundEvent) -> Iterator[Effect]:
    old, new, key = was.source, now.source, was.id
    if new.track_id != old.track_id:
        yield Effect("follow", key, new.track_id or "")
        return  # its distance is the track's then
    elif (old.kind, old.azimuth_deg) != (new.kind, new.azimuth_deg):
        yield Effect("pan", key, round(new.azimuth_deg - old.azimuth_deg, 3))
        yield Effect("panned to", key, round(new.azimuth_deg, 3))
    if new.distance_m != old.distance_m:
        yield Effect("metres", key, new.distance_m or 0.0)
    elif new.distance_factor != old.distance_factor:
        yield Effect("distance", key, round(new.distance_factor / old.distance_factor, 3))


def _times(was: SoundEvent, now: SoundEvent, frame_s: float) -> Iterator[Effect]:
    key = was.id
    old, new = [h.time_s for h in was.hits], [h.time_s for h in now.hits]
    if len(old) != len(new):
        gone = [n for n, time in enumerate(old, start=1) if time not in new]
        yield from (Effect("remove", f"{key}#{n}") for n in gone)
        yield from (Effect("addhit", key, round(time, 3)) for time in new if time not in old)
    else:
        yield from _hits(was, now, frame_s)
    spans = [[(s.start_s, s.end_s) for s in event.spans] for event in (was, now)]
    if spans[0] == spans[1]:
        return
    shifts = {round(b[0] - a[0], 4) for a, b in zip(*spans, strict=False)}
    lengths = [sum(end - start for start, end in one) for one in spans]
    if len(shifts) == 1 and abs(lengths[0] - lengths[1]) < 1e-6:
        yield Effect("time", key, shifts.pop())
    else:
        yield Effect("length", key, round(lengths[1], 3))


def _hits(was: SoundEvent, now: SoundEvent, frame_s: float) -> Iterator[Effect]:
    key = was.id
    shifts = [round(b.time_s - a.time_s, 4) for a, b in zip(was.hits, now.hits, strict=True)]
    on_frames = all(abs(h.time_s / frame_s - round(h.time_s / frame_s)) < 1e-3 for h in now.hits)
    if any(shifts) and on_frames and max(map(abs, shifts)) < frame_s / 2 + 1e-3:
        yield Effect("quantise", key)
    elif any(shifts):
        yield from _per_hit("time", key, shifts)
    gains = [round(b.gain_db - a.gain_db, 3) for a, b in zip(was.hits, now.hits, strict=True)]
    yield from _per_hit("level", key, gains)
    pans = [
        round(b.azimuth_deg - a.azimuth_deg, 3) for a, b in zip(was.hits, now.hits, strict=True)
    ]
    yield from _per_hit("pan", key, pans)


def _per_hit(what: str, key: str, values: Sequence[float]) -> Iterator[Effect]:
    if values and len(set(values)) == 1:
        if values[0]:
            yield Effect(what, key, values[0])
        return
    for number, value in enumerate(values, start=1):
        if value:
            yield Effect(what, f"{key}#{number}", value)


def _treated(was: SoundEvent, now: SoundEvent) -> Iterator[Effect]:  # noqa: PLR0912
    old, new, key = was.treatment, now.treatment, was.id
    yield from _bands(key, old, new)
    for ride in new.rides:
        before = [one.gain_db for one in old.rides if _same_stretch(one, ride)]
        change = round(ride.gain_db - sum(before), 3)
        if change:
            yield Effect("level", f"{key}@{ride.start_s:g}-{ride.end_s:g}", change)
    for ride in old.rides:
        if not any(_same_stretch(one, ride) for one in new.rides):
            yield Effect("level", f"{key}@{ride.start_s:g}-{ride.end_s:g}", -ride.gain_db)
    if old.compress != new.compress:
        yield Effect("compress", key, "on" if new.compress else "off")
    for one in new.ducks:
        if one not in old.ducks:
            yield Effect("duck", f"{key} by {','.join(one.by)}", one.db)
    for edge in ("in", "out"):
        fade = getattr(new, f"fade_{edge}")
        if fade != getattr(old, f"fade_{edge}"):
            yield Effect(f"fade {edge}", key, fade.length_s if fade else 0.0)
    if old.width != new.width:
        yield Effect("width", key, new.width if new.width == 0 else new.width - old.width)
    if old.pitch_st != new.pitch_st:
        yield Effect("pitch", key, round(new.pitch_st - old.pitch_st, 3))
    if old.speed != new.speed:
        yield Effect("speed", key, round(new.speed / old.speed, 3))
    if old.space is not new.space:
        yield Effect("room", key, new.space.value if new.space else "")
    if old.futz is not new.futz:
        yield Effect("futz", key, new.futz.value if new.futz else "")


def _same_stretch(one: Any, other: Any) -> bool:
    return (one.start_s, one.end_s) == (other.start_s, other.end_s)


def _bands(key: str, old: Any, new: Any) -> Iterator[Effect]:
    cuts = {EqKind.HIGH_PASS: "low", EqKind.LOW_PASS: "high"}
    before = {(one.kind, one.frequency_hz): one.gain_db for one in old.eq}
    after = {(one.kind, one.frequency_hz): one.gain_db for one in new.eq}
    for kind, frequency in dict.fromkeys([*before, *after]):
        here, gone = (kind, frequency) in after, (kind, frequency) in before
        if kind in cuts:
            if here != gone:
                yield Effect("cut" if here else "uncut", f"{key} {cuts[kind]}", frequency)
            continue
        change = after.get((kind, frequency), 0.0) - before.get((kind, frequency), 0.0)
        if change:
            region = next((name for edge, name in REGIONS if frequency < edge), "high")
            yield Effect("eq", f"{key} {region}", round(change, 3))


def expected(lines: Sequence[str], frame_s: float) -> list[Effect]:
    """Lines such as ``level {a,b} -2`` as the effects that they stand for."""
    return [effect for line in lines for one in _braces(line) for effect in _parsed(one, frame_s)]


def _braces(line: str) -> list[str]:
    found = re.search(r"\{([^}]*)\}", line)
    if not found:
        return [line]
    return [line[: found.start()] + key + line[found.end() :] for key in found[1].split(",")]


def _parsed(line: str, frame_s: float) -> list[Effect]:  # noqa: PLR0911, PLR0912
    what, _, rest = line.partition(" ")
    words = rest.split()
    if what in ("scene", "loudness", "space", "tone"):
        return [Effect(what, "", rest)]
    who, more = (words[0] if words else ""), words[1:]
    if what == "perform":
        pairs = (one.split("=") for one in more)
        return [Effect("perform", f"{who}.{field}", value) for field, value in pairs]
    if what in ("eq", "cut"):
        return [Effect(what, f"{who} {more[0]}", more[1])]
    if what == "duck":
        return [Effect("duck", f"{who} by {more[1]}", more[2])]
    if what == "fade":
        return [Effect(f"fade {more[0]}", who, more[1])]
    if what == "pan":
        return _each(Effect("panned to" if more[0] == "to" else "pan", who, more[1]))
    if what == "copy":
        return [Effect("addhit", who.split("#", maxsplit=1)[0], more[-1])]
    if what == "trim":
        start, end = more[0].split("-")
        return [Effect("length", who, str(float(end) - float(start)))]
    if what == "distance":
        metres = more[-1] == "m"
        return [Effect("metres" if metres else "distance", who, more[0])]
    if what == "time":
        if more[0] == "to":
            return [Effect("moved to", who, more[1])]
        value = more[0]
        if len(more) > 1 and more[1] == "f":
            value = str(float(value) * frame_s)
        return _each(Effect("time", who, value))
    if what == "retake":
        return [Effect("take", who, "*")]
    if what == "compress":
        return [Effect("compress", who, more[0] if more else "on")]
    return _each(Effect(what, who, more[0] if more else ""))


def _each(effect: Effect) -> list[Effect]:
    key, *hits = effect.who.split("#")
    return [effect._replace(who=f"{key}#{hit}") for hit in hits] or [effect]


def fits(meant: Effect, done: Effect, after: FoleyScript) -> bool:
    """Whether an effect is what was meant."""
    if meant.what == "moved to" and done.what == "time":
        key, _, number = meant.who.partition("#")
        event = after.event(key)
        single = done.who == key and len(event.hits) == 1
        if done.who != meant.who and not single:
            return False
        time_s = event.hits[int(number) - 1].time_s if number else event.start_s
        return abs(time_s - float(meant.value)) < 0.011
    if meant.what == "length" and done.what == "length" and str(meant.value).startswith("x"):
        return done.who == meant.who
    whole = re.sub(r"#1$", "", meant.who) if len(_hits_of(meant.who, after)) == 1 else meant.who
    if (meant.what, whole) != (done.what, done.who) and (meant.what, meant.who) != done[:2]:
        return False
    return _value_fits(str(meant.value), done.value, ratio=meant.what in ("distance", "speed"))


def _hits_of(who: str, script: FoleyScript) -> tuple[Hit, ...]:
    key = who.split("#", maxsplit=1)[0]
    return next((event.hits for event in script.events if event.id == key), ())


def _value_fits(meant: str, done: str | float, *, ratio: bool = False) -> bool:
    meant = meant.removeprefix("x") if ratio else meant
    if meant in ("", "*"):
        return True
    if meant in ("+", "-"):
        middle = 1.0 if ratio else 0.0
        return not isinstance(done, str) and (done > middle) == (meant == "+")
    if isinstance(done, str):
        return done.startswith(meant)
    return abs(done - float(meant)) <= 0.02 + 0.02 * abs(float(meant))


def same(meant: Sequence[Effect], done: Sequence[Effect], after: FoleyScript) -> bool:
    """Whether all that was meant was done, and nothing beside it."""
    left = list(done)
    for one in meant:
        found = next((effect for effect in left if fits(one, effect, after)), None)
        if found is None:
            return False
        left.remove(found)
    twins = {"pan", "panned to"}
    placed = {effect.who for effect in done if effect.what in twins and effect not in left}
    return not [e for e in left if not (e.what in twins and e.who in placed)]


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
    for name, specs in yaml.safe_load((GOLDEN / file).read_text()).items():
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
    for number, dialogue in enumerate(yaml.safe_load((GOLDEN / "dialogues.yaml").read_text())):
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
