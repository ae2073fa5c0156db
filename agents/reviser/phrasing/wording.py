"""Wording: run-on sentences, remarks and likenesses, and what is said twice over."""

from foley_designer.agents.reviser.grammar.chunk import is_silent
from foley_designer.agents.reviser.grammar.coverage import is_unread
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.phrasing.parts import calls, word
from foley_designer.agents.reviser.speech import words_of

_BIDDING = words_of(
    "bring take put make give turn pull push raise lower cut drop lose kill mute move remove "
)


_LEADING = words_of("to can could would please should and just then we you i not let ")


def run_on(body: Items) -> list[Items]:
    """``it is not scary enough bring the draught up``: a bidding verb opens a clause of its own."""
    for place in range(2, len(body) - 1):
        item, before = body[place], body[place - 1]
        after = body[place + 1]
        bids = item.text.split()[0] in _BIDDING and not item.has("name") and not item.kind
        opens = after.has("fill") or after.has("pron") or after.has("name") or after.has("noun")
        opens = opens or item.text.split()[1:] in (["it"], ["that"], ["them"], ["this"])
        led = _LEADING & set(before.text.split()) or before.has("conj") or before.has("neg")
        led = led or before.has("verb") or before.has("name") or before.has("fill")
        head = body[:place]
        if bids and opens and not led and not any(map(_bids, head)):
            return [[*head, Item(","), *body[place:]]]
    return []


def _bids(item: Item) -> bool:
    return item.text.split()[0] in _BIDDING and not item.has("name")


def so_that(body: Items) -> list[Items]:
    """``so loud it pulls me out of the story``: too loud."""
    for place, item in enumerate(body[:-1]):
        after = body[place + 1]
        described = after.has("fault") or any(one.value.endswith("!") for one in after.readings)
        rest = body[place + 2 :]
        opens = bool(rest) and (rest[0].has("pron") or rest[0].text in ("i", "we", "you"))
        if item.has("mod", "so") and item.text == "so" and described and opens:
            return [[*body[:place], word("too", "mod", "too"), after]]
    return []


def not_enough(body: Items) -> list[Items]:
    """``it is not scary enough``: a remark, and nothing that can be asked for."""
    unread = [item for item in body if is_unread(item)]
    plain = all(
        is_silent(item)
        or is_unread(item)
        or item.has("neg")
        or item.has("pron")
        or item.has("mod", "enough")
        for item in body
    )
    said = any(item.has("mod", "enough") for item in body)
    return [[]] if plain and unread and said else []


def likened(body: Items) -> list[Items]:
    """``they sound like high heels, dull them``: what it is like is not what it shall be."""
    for place in range(1, len(body) - 1):
        item, after = body[place], body[place + 1]
        told = any(one.has("verb", "do") for one in body[:place])
        if item.text not in ("sound", "sounds") or after.text != "like" or told:
            continue
        end = next((n for n in range(place, len(body)) if body[n].text == ","), -1)
        named = [one for one in body[:place] if calls(one)]
        if end > 0 and named and any(item.has("pron") for item in body[end:]):
            rest = [one for one in body[end + 1 :] if not one.has("pron")]
            return [[word("make", "verb", "do"), *named, *rest]]
    return []


def it_is(body: Items) -> list[Items]:
    """``its massive`` for "it's massive"."""
    for place, item in enumerate(body[:-1]):
        rest = [one for one in body[place + 1 :] if not (one.has("deg") or one.has("mod"))]
        described = rest and (
            rest[0].has("fault") or any(one.value.endswith("!") for one in rest[0].readings)
        )
        if item.text == "its" and described and not rest[0].has("name"):
            said = [word("it", "pron", "it"), word("is", "is")]
            return [[*body[:place], *said, *body[place + 1 :]]]
    return []


def pairs(body: Items) -> list[Items]:
    """``torch softer coffin louder``: what is said in pairs of a sound and its change."""
    if any(item.has("rel") or item.has("except") or item.has("side") for item in body):
        return []
    said = [(n, item) for n, item in enumerate(body) if not is_silent(item)]
    kinds = ["c" if _changes(item) else "n" if calls(item) else "x" for _, item in said]
    if "x" in kinds or not kinds or kinds[0] != "n" or kinds[-1] != "c":
        return []
    starts = [
        place
        for (place, _), kind, before in zip(said[1:], kinds[1:], kinds, strict=False)
        if kind == "n" and before == "c"
    ]
    if not starts:
        return []
    found: Items = []
    for place, item in enumerate(body):
        found += [Item(","), item] if place in starts else [item]
    return [found]


def _changes(item: Item) -> bool:
    """Whether an item says how much more or less there shall be."""
    if item.kind:
        return item.kind == "amount" or (item.kind == "num" and item.text[0] in "+-")
    named = item.has("name") or item.has("noun")
    return not named and any(one.kind == "dim" and one.value[-1] in "+-" for one in item.readings)


def either(body: Items) -> list[Items]:
    """``3 or 4 dB``: the one or the other."""
    for place in range(1, len(body) - 1):
        before, item, after = body[place - 1 : place + 2]
        if item.has("or") and before.kind == "num" and after.kind == "amount":
            first = after._replace(text=f"{before.text} {after.unit}", value=before.number)
            rest = body[place + 2 :]
            return [[*body[: place - 1], one, *rest] for one in (first, after)]
    return []


def cut_to(body: Items) -> list[Items]:
    """``cut it to one second``: it lasts as long."""
    for place in range(len(body) - 1):
        verb, to = body[place], body[place + 1]
        cuts = verb.text.split()[0] in ("cut", "trim", "shorten", "shortened") and not verb.kind
        timed = to.kind == "to" and any(word.startswith("s") for word in to.text.split()[2:])
        if cuts and timed and not verb.has("name"):
            named = [item for item in body[:place] if calls(item)]
            over = Item(to.text, kind="over", value=to.value)
            return [[*named, word("should last", "lasting"), over]]
    return []


def ducked(body: Items) -> list[Items]:
    """``duck the rain and the room for Ben``: each of them."""
    first = next((n for n, item in enumerate(body) if not is_silent(item)), -1)
    if first < 0 or not body[first].has("verb", "duck"):
        return []
    end = next((n for n in range(first + 1, len(body)) if not _lists(body[n])), -1)
    named = [item for item in body[first + 1 : end] if calls(item)]
    joined = any(item.has("conj") or item.text == "," for item in body[first + 1 : end])
    if end < 0 or not joined or len(named) < 2:
        return []
    rest = body[end:]
    each = [[body[first], one, *rest] for one in named]
    return [[item for one in each for item in (Item(";"), *one)][1:]]


def _lists(item: Item) -> bool:
    return item.has("conj") or item.text == "," or item.has("fill") or calls(item)


_WET = words_of("squelch squelches splash splashes slosh sloshes squish squishes ")


def wet_noise(body: Items) -> list[Items]:
    """``the wellies squelch too little``: wetter."""
    for place, item in enumerate(body[:-1]):
        after = body[place + 1]
        way = "wet+" if after.has("mod", "noenough") else "wet-"
        if item.text in _WET and place and after.has("mod", "noenough", "toomuch"):
            return [[*body[:place], word("wetter ground", "dim", way)]]
    return []


def contrasted(body: Items) -> list[Items]:
    """``on the left not on the right``, ``on grass not gravel``: the first of them."""
    for place, item in enumerate(body[:-1]):
        turns = item.has("neg", "not") or item.has("rel", "instead") or item.text == "instead of"
        after = [one for one in body[place + 1 :] if not is_silent(one)]
        sided = any(one.has("side") for one in body[:place])
        if place and turns and sided and len(after) == 1 and after[0].has("side"):
            return [body[:place]]
        played = body[place - 1].has("attr") and len(after) == 1 and after[0].has("attr")
        if place > 1 and item.has("neg", "not") and played:
            return [body[:place]]
    return []


def higher(body: Items) -> list[Items]:
    """``the shoes could squeak a bit higher``: what a sound does higher is its pitch."""
    place = next((n for n, item in enumerate(body) if item.text in ("higher", "deeper")), -1)
    if place < 2 or body[place].kind or any(item.has("param") for item in body):
        return []
    before = [item for item in body[:place] if not (item.has("deg") or item.has("fill"))]
    does = bool(before) and (before[-1].has("noise") or before[-1].has("hitword"))
    subject = before[:-1] if does else []
    if not does or not any(item.has("name") for item in subject) or before[-1].text.endswith("s"):
        return []
    way = "pitch+" if body[place].text == "higher" else "pitch-"
    kept = [item for item in body[:place] if item is not before[-1]]
    return [[*kept, word("higher in pitch", "dim", way), *body[place + 1 :]]]
