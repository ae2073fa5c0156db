"""Expectations: lines such as ``level {a,b} -2``, and whether what was done is what they say."""

import re
from collections.abc import Sequence

from benchmarks.words.effects import Effect
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Hit


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
