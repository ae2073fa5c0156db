"""Takes and stems as the session keeps them: verified where they are read, made again where lost.

A take is made again from the script and cues of the revision that it belongs to, a stem from the
plan, takes and faders of the revision that it was first made in. Its key says whether that gives
the sound that was lost: the key is the hash of everything that made it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.mix.rendition import KeptStem, Rendition
from foley_designer.core.mix.take import Take
from foley_designer.core.mix.treatment import Fade, Treatment
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.roles import Delivered
from foley_designer.core.session.session import Session
from foley_designer.core.session.store import Shelf
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.generate import TOOL as GENERATE
from foley_designer.tools.generate import GenerateInput
from foley_designer.tools.process import TOOL as PROCESS
from foley_designer.tools.process import Fader, Key, ProcessInput

PROCESSING_VERSION = 1
"""Raised when the same plan would give another stem."""


class Recipe(NamedTuple):
    """All that makes one stem."""

    event_id: str
    take: Take
    track: TrackPlan
    under: tuple[Fader, ...]
    """Stems that it dips under; empty if it doesn't."""
    rides: tuple[tuple[float, float, float], ...]
    """Stretches at a gain of their own."""
    hand: dict[str, Any]
    """What an editor has done to it, as `by_hand` says it."""
    sample_count: int

    @property
    def key(self) -> str:
        """Hash of take, processing and what it dips under; a fader isn't part of it."""
        unused = {"gain_db", "reasons"} | (set() if self.track.framing else {"framing"})
        made_by = self.track.model_dump(mode="json", exclude=unused)
        ducked = [(Path(fader.file).name, fader.gain_db) for fader in self.under]
        hand = _made_by_hand(self.hand)
        return content_hash(PROCESSING_VERSION, self.take.key, made_by, ducked, self.rides, *hand)


def rides_of(event: SoundEvent, end_s: float) -> tuple[tuple[float, float, float], ...]:
    """Each hit that has a gain of its own: from it to the next hit, and the gain in dB."""
    ends = [hit.time_s for hit in event.hits[1:]] + [end_s]
    return tuple(
        (hit.time_s, end, hit.gain_db)
        for hit, end in zip(event.hits, ends, strict=False)
        if hit.gain_db
    )


def by_hand(
    event: SoundEvent, script: FoleyScript, take_of: Callable[[str], str]
) -> dict[str, Any]:
    """What processing needs to know of an event's treatment; nothing if there is none."""
    treatment = treatment_of(event, script)
    if treatment == Treatment():
        return {}
    paced = treatment.speed != 1.0
    return {
        "treatment": treatment,
        "starts_s": tuple(hit.time_s for hit in event.hits) if paced else (),
        "spans_s": tuple((s.start_s, s.end_s) for s in event.spans) if paced else (),
        "keys": tuple(
            Key(takes=tuple(Fader(file=take_of(key)) for key in duck.by))
            for duck in treatment.ducks
        ),
    }


def treatment_of(event: SoundEvent, script: FoleyScript) -> Treatment:
    """The treatment as it sounds: fades at their times, dips under what there still is.

    Its own space is the plan's reverberation already.
    """
    hand, there = event.treatment, {one.id for one in script.events}
    begin = event.start_s
    end = event.end_s if event.spans else script.clip.duration_s
    ducks = [
        duck.model_copy(update={"by": tuple(key for key in duck.by if key in there)})
        for duck in hand.ducks
    ]
    return hand.model_copy(
        update={
            "space": None,
            "ducks": tuple(duck for duck in ducks if duck.by),
            "fade_in": _timed(hand.fade_in, begin),
            "fade_out": _timed(hand.fade_out, end),
        }
    )


def _timed(fade: Fade | None, at_s: float) -> Fade | None:
    return fade if fade is None or fade.at_s is not None else fade.model_copy(update={"at_s": at_s})


def _made_by_hand(hand: dict[str, Any]) -> tuple[Any, ...]:
    """What of a treatment makes another stem: takes by their content, which names them."""
    if not hand:
        return ()
    keys = [[Path(take.file).name for take in key.takes] for key in hand["keys"]]
    return (hand["treatment"], hand["starts_s"], hand["spans_s"], keys)


def ducks(track: TrackPlan) -> bool:
    """Whether a track dips under the foreground."""
    return track.dynamics is not None and track.dynamics.duck_db > 0


def take_file(bench: Workbench, state: DesignState, event_id: str) -> str:
    """Path of an event's take, as it was measured.

    Raises:
        FoleyError: ``document_invalid`` if it was damaged and can't be made again as it was.
    """
    take = Take.model_validate(state["takes"][event_id])
    found = bench.session.store.sound(Shelf.TAKES, take.key)
    if found is None:
        script, cues = bench.get(FoleyScript, state["script"]), bench.get(Cues, state["cues"])
        found = _remade(bench, script, cues, take)
    return str(found)


def stem_file(bench: Workbench, state: DesignState, recipe: Recipe) -> str:
    """Path of a stem, which is processed unless the session keeps it already."""
    found = bench.session.store.sound(Shelf.STEMS, recipe.key)
    take = take_file(bench, state, recipe.event_id) if found is None else ""
    return str(found or _processed(bench, recipe, take))


def heal(bench: Workbench, revision: str) -> None:
    """Make sure that every take and stem of a revision is there as it was.

    Raises:
        FoleyError: ``document_invalid`` if one was damaged and can't be made again.
    """
    documents = bench.session.documents_of(revision)
    script, cues = bench.get(FoleyScript, documents["script"]), bench.get(Cues, documents["cues"])
    rendition = bench.get(Rendition, documents["rendition"])
    for take in rendition.takes:
        if bench.session.store.sound(Shelf.TAKES, take.key) is None:
            _remade(bench, script, cues, take)
    for stem in rendition.stems:
        _whole_stem(bench, revision, stem)


def kept_key(stem: KeptStem) -> str:
    """A stem's key in the store."""
    return Path(stem.file).stem


def _whole_stem(bench: Workbench, revision: str, stem: KeptStem) -> Path:
    """The stem; if lost, made again as in the latest revision whose plan gives its key."""
    key = kept_key(stem)
    if found := bench.session.store.sound(Shelf.STEMS, key):
        return found
    for ancestor in _lineage(bench.session, revision):
        documents = bench.session.documents_of(ancestor)
        recipe, under = _recipe(bench, documents, stem.event_id)
        if recipe is None or recipe.key != key:
            continue
        for one in under:
            _whole_stem(bench, ancestor, one)
        take = bench.session.store.sound(Shelf.TAKES, recipe.take.key) or _remade(
            bench,
            bench.get(FoleyScript, documents["script"]),
            bench.get(Cues, documents["cues"]),
            recipe.take,
        )
        bench.healed.append(f"the stem of {stem.event_id}")
        return _processed(bench, recipe, str(take))
    raise _lost(f"stem of {stem.event_id}")


def _recipe(
    bench: Workbench, documents: Delivered, event_id: str
) -> tuple[Recipe | None, tuple[KeptStem, ...]]:
    """What made an event's stem in a revision, and the stems that it dips under."""
    script = bench.get(FoleyScript, documents["script"])
    rendition = bench.get(Rendition, documents["rendition"])
    takes = {take.event_id: take for take in rendition.takes}
    tracks = {track.event_id: track for track in bench.get(MixPlan, documents["plan"]).tracks}
    events = {event.id: event for event in script.events}
    if not all(event_id in known for known in (takes, tracks, events)):
        return None, ()
    stems = {stem.event_id: stem for stem in rendition.stems}
    over = [stems[e.id] for e in script.events if e.layer is Layer.FOREGROUND and e.id in stems]
    under = tuple(over) if ducks(tracks[event_id]) else ()
    place = bench.session.store.place
    recipe = Recipe(
        event_id=event_id,
        take=takes[event_id],
        track=tracks[event_id],
        under=tuple(
            Fader(file=str(place(Shelf.STEMS, kept_key(one))), gain_db=one.gain_db) for one in under
        ),
        rides=rides_of(events[event_id], script.clip.duration_s),
        hand=by_hand(events[event_id], script, lambda key: str(place(Shelf.TAKES, takes[key].key))),
        sample_count=script.clip.sample_count,
    )
    return recipe, under


def _processed(bench: Workbench, recipe: Recipe, take: str) -> Path:
    store = bench.session.store
    request = ProcessInput(
        take=take,
        plan=recipe.track,
        stem=str(store.place(Shelf.STEMS, recipe.key)),
        sample_count=recipe.sample_count,
        foreground=recipe.under,
        rides=recipe.rides,
        **recipe.hand,
    )
    bench.tools.call(PROCESS, request)
    return store.keep(Shelf.STEMS, recipe.key)


def _remade(bench: Workbench, script: FoleyScript, cues: Cues, take: Take) -> Path:
    """A take that was damaged or lost, performed again by the same engine from the same seed."""
    request = GenerateInput(
        event=script.event(take.event_id),
        trajectory=cues.of(take.event_id),
        space=script.space,
        sample_count=script.clip.sample_count,
        folder=str(bench.session.takes),
        engine=take.engine,
        seed=take.seed,
        takes=bench.settings.takes,
    )
    if bench.tools.call(GENERATE, request).take.key != take.key:
        raise _lost(f"take of {take.event_id}")
    bench.healed.append(f"the take of {take.event_id}")
    return bench.session.store.place(Shelf.TAKES, take.key)


def _lineage(session: Session, revision: str) -> Iterator[str]:
    """A revision, then the one before it, and so on to the design."""
    parents = {entry.id: entry.parent for entry in session.revisions()}
    seen: set[str] = set()
    at: str | None = revision
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = parents.get(at)


def _lost(what: str) -> FoleyError:
    return FoleyError(
        ErrorCode.DOCUMENT_INVALID,
        f"The {what} was damaged, and what is installed now would make another one.",
        "Go back to a revision without it, or ask for another take of it.",
    )
