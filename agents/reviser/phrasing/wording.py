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
    """``on the left not on the right``, ``on the right instead of left``: the first of them."""
    for place, item in enumerate(body[:-1]):
        turns = item.has("neg", "not") or item.has("rel", "instead") or item.text == "instead of"
        after = [one for one in body[place + 1 :] if not is_silent(one)]
        sided = any(one.has("side") for one in body[:place])
        if place and turns and sided and len(after) == 1 and after[0].has("side"):
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
