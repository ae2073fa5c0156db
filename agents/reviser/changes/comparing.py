"""Comparatives: which way an adjective, a parameter or a small word goes."""

from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError


def comparison(chunk: Chunk, name: str) -> int:
    """Take a comparative of a dimension: 1 for more, -1 for less, 0 if there is none."""
    for value, way in ((f"{name}+", 1), (f"{name}-", -1)):
        place = chunk.find("dim", value)
        if place < 0 or _is_removal(chunk, place):
            continue
        sign = way
        if chunk.before(place).has("mod", "less"):
            sign = -way
            chunk.take("mod", "less")
            place = chunk.find("dim", value)
        chunk.take_at(place)
        other = f"{name}{'-' if value.endswith('+') else '+'}"
        if name == "level" and chunk.has("dim", other):
            raise LostError("Louder or quieter?")
        while chunk.take("dim", value):  # "bring it down quieter"
            pass
        if name in ("level", "pitch", "width", "speed", "reverb"):
            chunk.take("dim", "dir+" if sign > 0 else "dir-")
            chunk.take("param", name)
        return sign
    return _base_or_param(chunk, name)


def _is_removal(chunk: Chunk, place: int) -> bool:
    """Whether "drop" means to remove: it has no amount."""
    numbered = any(item.kind in ("amount", "num") or item.has("deg") for item in chunk.items)
    others = any(n != place and item.has("dim") for n, item in enumerate(chunk.items))
    return chunk.items[place].has("verb", "remove") and not (numbered or others)


def _base_or_param(chunk: Chunk, name: str) -> int:
    """Of "too wide", "not high enough", "more width", "the pitch down"."""
    for way, suffix in ((1, "+!"), (-1, "-!")):
        place = chunk.find("dim", f"{name}{suffix}")
        if place >= 0 and name != "level":
            before, sign = chunk.before(place), way
            if chunk.has("mod", "enough") and chunk.has("neg", "not"):
                chunk.take("mod", "enough")
                chunk.take("neg", "not")
                chunk.take_at(chunk.find("dim", f"{name}{suffix}"))
                return sign  # "it is not heavy enough"
            if before.has("mod", "too") or before.has("mod", "less"):
                sign = -way
            elif before.has("is") and _a_bit(chunk, place):
                sign = -way  # "is a bit long"
            elif not (
                before.has("mod", "more")
                or chunk.has("verb", "do")
                or (name in ("size", "force") and not chunk.has("is"))
            ):
                continue
            chunk.take_at(place)
            chunk.take("mod", "too", "less", "more")
            return sign
    place = chunk.find("param", name)
    if place < 0 or (name == "level" and not chunk.has("dim", "dir+", "dir-", "level+", "level-")):
        return 0
    for kind, values, sign in (
        ("mod", ("toomuch", "too", "less"), -1),
        ("mod", ("more", "noenough"), 1),
        ("dim", ("dir-", "level-"), -1),
        ("dim", ("dir+", "level+"), 1),
        ("verb", ("remove", "remove_no"), -1),
        ("verb", ("add",), 1),
    ):
        if chunk.take(kind, *values):
            chunk.take("param", name)
            return sign
    return 0


def _a_bit(chunk: Chunk, place: int) -> bool:
    """Whether a degree stands before a place."""
    return place > 0 and chunk.items[place - 1].has("deg")


def _told(chunk: Chunk) -> bool:
    """Whether a clause says what should be, rather than what is."""
    return chunk.has("verb", "do") or any(
        text.startswith(("should", "must")) for text in chunk.silent
    )


def base_level(chunk: Chunk, *, asked: bool) -> int:  # noqa: PLR0911
    """Of "too loud", "not loud enough", "up", "down"; 0 if it is said of nothing."""
    for sign, value in ((1, "level+!"), (-1, "level-!")):
        place = chunk.find("dim", value)
        if place < 0:
            continue
        before = chunk.before(place)
        enough, negated = chunk.has("mod", "enough"), chunk.has("neg", "not")
        if asked:
            chunk.take_at(place)
            return sign
        if before.has("mod", "too") or (
            before.has("mod", "so") and chunk.has("is") and not negated
        ):
            chunk.take_at(place)
            chunk.take("mod", "too")
            return -sign
        if enough or chunk.has("mod", "noenough"):
            chunk.take_at(place)
            for kind in ("mod", "neg"):
                chunk.take(kind, "enough", "noenough", "not")
            return sign
        if negated and not before.has("mod", "less") and not _told(chunk):
            raise LostError("Do you want it so, or not?")
        if before.has("mod", "less") or negated:
            chunk.take_at(place)
            chunk.take("mod", "less", "so")
            chunk.take("neg", "not")
            return -sign
        if before.has("mod", "more") or chunk.has("verb", "do"):
            chunk.take_at(place)
            chunk.take("mod", "more")
            return sign
        if before.has("is"):
            raise LostError(f"Do you want it {'quieter' if sign > 0 else 'louder'}, or is that so?")
    for value, sign in (("dir+", 1), ("dir-", -1)):
        if chunk.take("dim", value):
            return sign
    return 0
