"""Timing: when and how long, fades, copies, and what in the picture is followed."""

from collections.abc import Iterator

from foley_designer.agents.reviser.changes.making import (
    Change,
    each,
    phrase_after,
    refuse_parts,
    refuse_stretch,
    take_group,
    take_times,
)
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_change
from foley_designer.agents.reviser.grammar.items import Item
from foley_designer.agents.reviser.grammar.picking import stretch_of
from foley_designer.agents.reviser.grammar.target import Target, UnsureError
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.core.revision import sounding
from foley_designer.core.revision.operations import (
    AdjustLength,
    AdjustTime,
    Operation,
    RemoveEvent,
)
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.memory.preferences import Preferences

LONGER, SHORTER = 1.5, 2 / 3
FAR_S = 3.0
"""How far "the crate at 54 s" moves what is there; a new sound may be meant beyond."""
FADE_S = 1.0
"""A fade that is given no length."""


class Timer:
    """Reads changes of time, and of what is followed.

    Args:
        wishes: how much the comparative words mean to this user.
        targets: resolves what is followed.
    """

    def __init__(self, wishes: Preferences, targets: Targets) -> None:
        self.wishes = wishes
        self.much = wishes.number("much_factor")
        self.targets = targets
        self.end_s = targets.situation.script.clip.duration_s
        self.unsaid = False
        """Whether a time stands without a verb that moves anything there."""

    def read(self, chunk: Chunk) -> Change | None:
        """The first such change; its words are taken from the clause."""
        for reader in (
            self._follow,
            self._fade,
            self._copy,
            self._quantise,
            self._time,
            self._length,
        ):
            change = reader(chunk)
            if change is not None:
                return change
        return None

    def _follow(self, chunk: Chunk) -> Change | None:
        place = chunk.find("verb", "follow")
        if place < 0:
            pan, other = chunk.find("verb", "pan"), chunk.find("rel", "with")
            if pan < 0 or other < 0:
                return None
            place = other
            chunk.take("verb", "pan")
            place = chunk.find("rel", "with")
        chunk.take_at(place)
        chunk.take("verb", "pan")
        leader = phrase_after(
            chunk, chunk.find("rel", "with") + 1 if chunk.has("rel", "with") else place
        )
        chunk.take("rel", "with")
        try:
            picks = self.targets.resolve(leader)
        except UnsureError as unsure:  # whichever it is, if they move as one
            picks = tuple(target for one in unsure.readings for target in one)
        tracks = {t.event.source.track_id for t in picks if t.event.source.kind is SourceKind.TRACK}
        if len(tracks) != 1:
            raise LostError(f"{picks[0].event.label} doesn't follow anything in the picture.")
        track = str(tracks.pop())
        return each(lambda key: iter((sounding.FollowTrack(event_id=key, track_id=track),)))

    def _fade(self, chunk: Chunk) -> Change | None:
        edges: list[str] = []
        for edge in ("in", "out"):
            if chunk.take("verb", f"fade_{edge}"):
                chunk.take("edge", edge)
                edges.append(edge)
        if not edges:
            timed = any(item.kind in ("over", "last") for item in chunk.items)
            out = timed and chunk.has("edge") and not chunk.has("dim")
            if not chunk.take("verb", "fade") and not out:
                return None
            found = (
                chunk.take("edge")
                or chunk.take("verb", "remove")
                or chunk.take("dim", "dir+", "dir-")
            )
            if found is None:
                raise LostError("Fade it in, or out?")
            edges = ["in" if found.reading("edge") == "in" or found.has("dim", "dir+") else "out"]
        return self.fading(chunk, edges[0])

    def fading(self, chunk: Chunk, edge: str) -> Change:
        """A fade with the times that the clause gives."""
        over = take_group(chunk, "over")
        last, first = take_group(chunk, "last"), take_group(chunk, "first")
        stretch = take_group(chunk, "range")
        stops, starts = take_group(chunk, "stops"), take_group(chunk, "starts")
        at = take_group(chunk, "at") or take_group(chunk, "to") or stops or starts
        length = over or last or first or chunk.amount("s")
        bare = None if length or stretch else chunk.bare()
        frames = chunk.amount("frames")
        size = (
            length.number if length else bare.number if bare else FADE_S * chunk.degree(self.much)
        )
        if frames:
            size = frames.number * self.targets.situation.script.clip.frame_s
        at_s = at.number if at else None
        if stretch is not None:
            start, end = stretch_of(stretch, self.end_s)
            size, at_s = end - start, start if edge == "in" else end
            at_s = None if edge == "out" and end >= self.end_s else at_s
        if size <= 0:
            raise LostError("A fade takes some time.")
        return each(
            lambda key: iter(
                (
                    sounding.FadeEvent.model_validate(
                        {"event_id": key, "edge": edge, "length_s": size, "at_s": at_s}
                    ),
                )
            ),
            name="fade",
        )

    def _copy(self, chunk: Chunk) -> Change | None:
        if not chunk.take("verb", "copy"):
            return None
        to = take_group(chunk, "to") or take_group(chunk, "at")
        if to is None:
            raise LostError("Copy it to when? Say a time.")

        def make(target: Target) -> Iterator[Operation]:
            refuse_stretch(target)
            yield sounding.CopyEvent(event_id=target.event.id, to_s=to.number, hits=target.hits)

        return Change(make)

    def _quantise(self, chunk: Chunk) -> Change | None:
        if not chunk.take("verb", "quantise"):
            return None
        chunk.take("to")
        chunk.take("frames")
        chunk.take("unit", "frames")

        def make(target: Target) -> Iterator[Operation]:
            refuse_stretch(target)
            yield sounding.QuantiseHits(event_id=target.event.id, hits=target.hits)

        return Change(make)

    def _time(self, chunk: Chunk) -> Change | None:
        self.unsaid = False
        if (to := self._destination(chunk)) is not None:
            return _moved_to(to, most_s=FAR_S if self.unsaid else None)
        sign, complaint = 0, False
        for value, way in (("time+", 1), ("time-", -1)):
            if (place := chunk.find("dim", value)) >= 0:
                item = chunk.take_at(place)
                sign = way
                if chunk.find("dim", "time+!", "time-!") >= 0:  # "late, pull it earlier"
                    chunk.take("dim", "time+!", "time-!")
                    chunk.take("mod", "too")
                del item
                break
        else:
            for value, way in (("time+!", -1), ("time-!", 1)):
                if chunk.has("dim", value):
                    chunk.take("dim", value)
                    chunk.take("mod", "too")
                    sign, complaint = way, True
                    break
        if not sign and any(i.kind == "amount" and i.unit in ("frames", "s") for i in chunk.items):
            place = next(
                (n for n, i in enumerate(chunk.items) if i.text in ("back", "forward", "ahead")), -1
            )
            if place >= 0:
                sign = -1 if chunk.take_at(place).text in ("back", "ahead") else 1
        sign = sign or _along_the_timeline(chunk)
        if not sign:
            return self._pushed(chunk)
        chunk.take("edge", "in")
        frames = chunk.amount("frames")
        seconds = None if frames else chunk.amount("s")
        if frames:
            return _moved(frames=sign * round(frames.number))._replace(complaint=complaint)
        if wrong := chunk.amount("db", "deg", "m", "hz", "st"):
            raise LostError(f"{wrong.text} is no time.")
        usual = self.wishes.number("earlier_ms") / 1000 * chunk.degree(self.much)
        shift = round(sign * (seconds.number if seconds else usual), 6)
        return _moved(seconds=shift)._replace(complaint=complaint)

    def _pushed(self, chunk: Chunk) -> Change | None:
        """Frames or seconds with a sign alone: ``+2 frames``."""
        for unit in ("frames", "s"):
            for item in chunk.items:
                if item.kind == "amount" and item.unit == unit and item.text[0] in "+-":
                    chunk.amount(unit)
                    if unit == "frames":
                        return _moved(frames=round(item.number))
                    return _moved(seconds=item.number)
        return None

    def _destination(self, chunk: Chunk) -> float | None:
        """When something shall be, where the clause says so and wants nothing else."""
        if (starts := take_group(chunk, "starts")) is not None:
            return starts.number
        asks = chunk.has("verb", "remove", "fade", "split") or chunk.has("dim") or chunk.has("eq")
        if chunk.changed or asks:
            return None
        if (to := take_group(chunk, "to")) is not None:
            return to.number
        place = chunk.find("to")
        if (
            place >= 0
            and (after := chunk.after(place)).kind == "num"
            and 0 <= after.number <= self.end_s
        ):
            chunk.take_at(place)
            chunk.items.remove(after)
            return after.number
        other = [
            item
            for item in chunk.items
            if item.kind == "amount"
            or (
                any(item.has(k) for k in ("side", "verb", "want", "fault", "mood", "mod"))
                and not item.has("verb", "do")
                and not item.has("name")
            )
        ]
        if not other and (at := take_group(chunk, "at")) is not None:
            self.unsaid = not any(
                i.has("verb", "do") or i.has("is") or i.has("verb", "add") for i in chunk.whole
            )
            return at.number
        return None

    def _length(self, chunk: Chunk) -> Change | None:  # noqa: PLR0911
        if (stops := take_group(chunk, "stops")) is not None:
            return _lengthened(until_s=stops.number)
        lasting = chunk.take("lasting")
        longer, shorter = chunk.take("dim", "length+"), chunk.take("dim", "length-")
        if not (longer or shorter):
            longer, shorter = self._too_long(chunk)
        if lasting and not (longer or shorter):
            chunk.take("only")
            over = take_group(chunk, "over") or chunk.amount("s")
            if over is None:
                raise LostError("How long?")
            return _lengthened(to_s=over.number)
        if not (longer or shorter):
            return self._trimmed(chunk)
        times = take_times(chunk)
        if times:
            return _lengthened(factor=times if longer or times < 1 else 1 / times)
        if amount := take_group(chunk, "to") or take_group(chunk, "over"):
            return _lengthened(to_s=amount.number)
        if amount := chunk.amount("s"):
            return _lengthened(by_s=amount.number if longer else -amount.number)
        base = LONGER if longer else SHORTER
        return _lengthened(factor=round(base ** chunk.degree(self.much), 2))

    def _too_long(self, chunk: Chunk) -> tuple[Item | None, Item | None]:
        """Longer or shorter of "too long", "not long enough", "twice as long"."""
        for value in ("length+!", "length-!"):
            place = chunk.find("dim", value)
            if place < 0:
                continue
            too = chunk.before(place).has("mod", "too")
            meant = (
                chunk.has("twice")
                or chunk.has("half_as")
                or chunk.has("half")
                or any(i.unit == "times" for i in chunk.items)
            )
            if not (too or meant or chunk.has("verb", "do")):
                continue
            item = chunk.take_at(place)
            if too:
                chunk.take("mod", "too")
            longer = (value == "length+!") != too
            return (item, None) if longer else (None, item)
        return None, None

    def _trimmed(self, chunk: Chunk) -> Change | None:
        """``from 8 to 10 s only``."""
        if (
            chunk.changed
            or not chunk.has("only")
            or not any(item.kind == "range" for item in chunk.items)
        ):
            return None
        if any(
            is_change(item) and not item.has("verb", "do") and not item.has("is")
            for item in chunk.items
        ):
            return None
        stretch = take_group(chunk, "range")
        chunk.take("only")
        assert stretch is not None
        start, end = stretch_of(stretch, self.end_s)
        return each(
            lambda key: iter(
                (sounding.TrimEvent(event_id=key, from_s=start, to_s=min(end, self.end_s)),)
            )
        )


def _along_the_timeline(chunk: Chunk) -> int:
    """Of "two frames left" or "right": -1 for earlier, 1 for later; 0 if it is a side."""
    frames = any(item.kind == "amount" and item.unit == "frames" for item in chunk.items)
    place = chunk.find("side", "left", "right")
    if not frames or place < 0:
        return 0
    return -1 if chunk.take_at(place).reading("side") == "left" else 1


def _moved(seconds: float | None = None, frames: int | None = None) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        refuse_stretch(target)
        yield AdjustTime(
            event_id=target.event.id, shift_s=seconds, shift_frames=frames, hits=target.hits
        )

    return Change(make, name="time")


def _moved_to(time_s: float, most_s: float | None) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        refuse_stretch(target)
        number = target.hits[0] if target.hits else 0
        now = target.event.hits[number - 1].time_s if number else target.event.start_s
        if most_s is not None and abs(now - time_s) > most_s:
            raise LostError(
                f"Shall {target.event.label} move to {time_s:g} s, or be added there as well?"
            )
        if len(target.event.hits) > 1 and len(target.hits) != 1:
            raise LostError(f"{target.event.label} has {len(target.event.hits)} hits: move which?")
        yield AdjustTime(event_id=target.event.id, to_s=time_s, hits=target.hits)

    return Change(make, name="time")


def _hits_ended(event: SoundEvent, until_s: float) -> RemoveEvent:
    """Take the hits from a time on away.

    Raises:
        LostError: there are none, or no others.
    """
    late = tuple(n for n, hit in enumerate(event.hits, 1) if hit.time_s >= until_s)
    if not late or len(late) == len(event.hits):
        raise LostError(f"{event.label} has {'no' if not late else 'only'} hits from then on.")
    return RemoveEvent(event_id=event.id, hits=late)


def _lengthened(
    factor: float | None = None,
    to_s: float | None = None,
    by_s: float | None = None,
    until_s: float | None = None,
) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        refuse_parts(target)
        event = target.event
        if until_s is not None and event.hits:
            yield _hits_ended(event, until_s)
            return
        length = to_s if by_s is None else event.end_s - event.start_s + by_s
        length = length if until_s is None else until_s - event.start_s
        if length is not None and length <= 0:
            raise LostError(f"{event.label} would have no length.")
        yield AdjustLength(event_id=event.id, factor=factor, to_s=length)

    return Change(make, name="length")
