"""The space around a sound: its room, the shot it is heard from, layer, width and reverberation."""

from collections.abc import Iterator

from foley_designer.agents.reviser.changes.comparing import comparison
from foley_designer.agents.reviser.changes.making import Change, each, refuse_parts
from foley_designer.agents.reviser.changes.placing import FURTHER, NEARER
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.core.category import Subcategory
from foley_designer.core.revision import sounding
from foley_designer.core.revision.operations import (
    AdjustDistance,
    AdjustReverb,
    ChangeLayer,
    ChangePerspective,
    Operation,
)
from foley_designer.core.script.observation import ShotSize
from foley_designer.core.script.performance import Layer
from foley_designer.core.space import Space
from foley_designer.memory.preferences import Preferences

WIDER = 0.4
"""What "wider" adds to a width of 1."""


class SpaceReader:
    """Reads changes of the space around a sound.

    Args:
        wishes: how much the comparative words mean to this user.
    """

    def __init__(self, wishes: Preferences) -> None:
        self.wishes = wishes
        self.much = wishes.number("much_factor")

    def room(self, chunk: Chunk) -> Change | None:
        """A space for one sound: ``the chain in a big church``."""
        place = next((n for n, item in enumerate(chunk.items) if item.has("space")), -1)
        if place < 0 or (chunk.items[place].has("name") and not chunk.before(place).has("wear")):
            return None
        before = chunk.before(place)
        if chunk.items[place].has("attr") and (before.has("wear") or before.has("walk")):
            return None  # "walks in snow": a ground
        if not (
            before.has("wear")
            or before.text in ("in", "inside", "into", "big", "large", "like")
            or before.has("dim", "size+!", "size-!")
            or before.has("over")
            or (place > 0 and any(one.has("param", "reverb") for one in chunk.items[:place]))
        ):
            return None
        space = Space(chunk.items[place].reading("space"))
        chunk.take_at(place)
        for word in ("wear", "over"):
            chunk.take(word)
        chunk.take("param", "reverb")
        chunk.take("dim", "size+!", "size-!")
        return each(lambda key: iter((sounding.SetRoom(event_id=key, space=space),)), name="room")

    def perspective(self, chunk: Chunk) -> Change | None:
        """The shot that a sound is heard from."""
        item = chunk.take("view")
        if item is None:
            return None
        chunk.take("wear")
        size = ShotSize(item.reading("view"))
        return each(lambda key: iter((ChangePerspective(event_id=key, size=size),)))

    def layer(self, chunk: Chunk) -> Change | None:
        """Foreground, background or ambience; nearer or further within the layer it has."""
        item = chunk.take("to_layer")
        place = chunk.find("layer") if item is None else -1
        if place >= 0 and not chunk.items[place].has("noun"):
            verbs = any(one.text in ("put", "move", "place", "push", "send") for one in chunk.items)
            named = any(one.has("name") or one.has("noun") for one in chunk.items)
            if verbs and named and chunk.items[place].text.startswith("in"):
                item = chunk.take_at(place)
                chunk.take("to")
        if item is None:
            return None
        wanted = Layer(item.reading("to_layer") or item.reading("layer"))

        def make(target: Target) -> Iterator[Operation]:
            refuse_parts(target)
            event = target.event
            if event.layer is not wanted:
                yield ChangeLayer(event_id=event.id, layer=wanted)
            else:
                factor = NEARER if wanted is Layer.FOREGROUND else FURTHER
                yield AdjustDistance(event_id=event.id, factor=round(factor, 2))

        return Change(make, name="layer")

    def width(self, chunk: Chunk) -> Change | None:
        """Wider, narrower, mono or stereo."""
        if chunk.take("want", "mono"):
            return each(lambda key: iter((sounding.SetWidth(event_id=key, width=0.0),)))
        if chunk.take("want", "stereo"):
            return each(lambda key: iter((sounding.SetWidth(event_id=key, width=1.0),)))
        sign = comparison(chunk, "width")
        if not sign:
            return None
        step = sign * WIDER * chunk.degree(self.much)

        def make(target: Target) -> Iterator[Operation]:
            refuse_parts(target)
            width = min(max(target.event.treatment.width + step, 0.0), 2.0)
            yield sounding.SetWidth(event_id=target.event.id, width=round(width, 3))

        return Change(make, name="width")

    def reverb(self, chunk: Chunk) -> Change | None:
        """More or less reverberation, wetter or drier."""
        sign = comparison(chunk, "reverb")
        if not sign and (place := chunk.find("dim", "reverb-!fault")) >= 0:
            chunk.take_at(place)
            chunk.take("mod", "too", "less")
            sign = -1
        for value, way in (("wet+!", -1), ("wet-!", 1)):  # too wet, too dry
            place = chunk.find("dim", value)
            if not sign and place >= 0 and chunk.before(place).has("mod", "too"):
                chunk.take_at(place)
                chunk.take("mod", "too")
                sign = way
        if not sign:
            return None
        db = chunk.amount("db")
        size = abs(db.number) if db else self.wishes.number("reverb_db") * chunk.degree(self.much)
        word = next((text for text in chunk.taken if text in ("wetter", "drier", "dryer")), "")

        def make(target: Target) -> Iterator[Operation]:
            refuse_parts(target)
            if word and target.event.subcategory is Subcategory.SPLASH:
                raise LostError(f"{word.capitalize()} as water is, or with its reverberation?")
            yield AdjustReverb(event_id=target.event.id, change_db=sign * size)

        return Change(make, name="reverb")
