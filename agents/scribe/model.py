"""FilmScribe's generator by a language model: it is shown the film, window by window."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from foley_designer.agents.interfaces import Objection, Scribe
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import FALLS_BACK, ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.events import Changes, SpanReply, ToneReply, apply_changes
from foley_designer.agents.llm.ground import Ground
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Problem, refuse
from foley_designer.agents.llm.senses.eyes import windows_of
from foley_designer.agents.llm.session import Seeing
from foley_designer.agents.scribe.ordering import DRAFT, numbered
from foley_designer.core.errors import FoleyError
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.space import ACOUSTICS, Space

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

PROMPT = "scribe/propose"
MOST_SUMMARY = 2000


class ScribeReply(Changes):
    """T as a model fills it in."""

    summary: str
    """What happens, in two or three sentences: who does what, with what, on what, and where."""
    shots: list[str] = Field(default=[], max_length=200)
    """One sentence a shot, in order."""
    space: Space
    tone: ToneReply
    silent: list[SpanReply] = Field(default=[], max_length=40)
    """Stretches in which something moves and nothing sounds."""


class Window(NamedTuple):
    """A stretch of film that one question is about, seconds."""

    start_s: float
    end_s: float

    def holds(self, event: SoundEvent) -> bool:
        """Whether an event sounds in it."""
        return event.start_s < self.end_s and event.end_s >= self.start_s


class ModelScribe(ModelAgent):
    """Proposes T by a model; in later rounds only what was objected to may change.

    Args:
        rules: answer if the model can't.
        knowledge: the cards.
        client: asks the endpoint.
        notebook: where fallbacks and changes are noted.
        seeing: what the model is shown and has said so far.
    """

    STEP = "scribe"
    ASKED = "proposals"

    def __init__(
        self,
        rules: Scribe,
        knowledge: "Knowledge",
        client: ModelClient,
        notebook: Notebook,
        seeing: Seeing,
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.knowledge = knowledge
        self.seeing = seeing

    def propose(
        self, brief: Brief, previous: StructuredText | None, feedback: tuple[Objection, ...]
    ) -> StructuredText:
        """T(k+1) as the model answers; rules where it can't be had."""
        return self.try_model(
            lambda: self._watch(brief, previous, feedback),
            lambda: self.rules.propose(brief, previous, feedback),
        )

    def _watch(
        self, brief: Brief, previous: StructuredText | None, feedback: tuple[Objection, ...]
    ) -> StructuredText:
        """Go through the clip; each window is told what was said of those before it."""
        opened = frozenset(o.event_id for o in feedback if o.event_id)
        text = previous
        for window in _concerned(brief, previous, feedback):
            try:
                # what an earlier window of the same round wrote may go on in this one
                allowed = opened if previous is not None else None
                text = self._ask(brief, window, text, feedback, allowed)
            except FoleyError as error:
                if text is None or error.code not in FALLS_BACK:
                    raise
                self.notebook.count(self.STEP, "windows", failed=True)
                self.fell_back(error, f"from {window.start_s:.0f} to {window.end_s:.0f} s")
                if previous is None:
                    ruled = self.rules.propose(brief, None, ())
                    text = text.model_copy(update={"events": _added(text, ruled, window)})
            else:
                self.notebook.count(self.STEP, "windows", failed=False)
        assert text is not None
        return text

    def _ask(
        self,
        brief: Brief,
        window: Window,
        before: StructuredText | None,
        feedback: tuple[Objection, ...],
        opened: frozenset[str] | None,
    ) -> StructuredText:
        ground = Ground(brief.observation, self.knowledge)
        last = window.end_s >= brief.observation.clip.duration_s
        standing = before.events if before else ()

        def convert(reply: ScribeReply) -> StructuredText:
            ground.begin()
            events = apply_changes(standing, reply, ground, opened, window)
            if not events and last:
                raise refuse(
                    Problem.NOTHING,
                    " ".join(["the clip needs at least one sound event.", *ground.remarks[:2]]),
                )
            starts = brief.starts_s
            self.seeing.silence((starts + one.start, starts + one.end) for one in reply.silent)
            return _text(reply, before, events, merged=opened is None)

        text = self.client.ask(
            PROMPT,
            ScribeReply,
            self._values(brief, window, before, feedback),
            convert,
            self.seeing.sheets(brief, *window),
        )
        ground.write(self.notebook, self.STEP)
        return text

    def _values(
        self,
        brief: Brief,
        window: Window,
        before: StructuredText | None,
        feedback: tuple[Objection, ...],
    ) -> dict[str, object]:
        """What the prompt is given."""
        return {
            "window": f"{window.start_s:.2f} to {window.end_s:.2f} s",
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "seen": views.seen(brief.observation, *window),
            "sounds": views.sounds(self.knowledge),
            "practice": views.practice(brief, self.knowledge),
            "previous": views.text_view(before) if before else {},
            "objections": views.objection_views(feedback),
        }


def _text(
    reply: ScribeReply,
    before: StructuredText | None,
    events: tuple[SoundEvent, ...],
    *,
    merged: bool,
) -> StructuredText:
    """T after one answer: words of windows are put together, the first one's place stays."""
    shots = tuple(shot[:500] for shot in reply.shots)
    if before is not None and merged:
        summary = f"{before.summary} {reply.summary}"
        update = {"summary": summary[:MOST_SUMMARY], "shots": before.shots + shots}
        return before.model_copy(update=update | {"events": events})
    return StructuredText(
        summary=reply.summary[:MOST_SUMMARY],
        shots=shots or (before.shots if before else ()),
        space=reply.space,
        outdoors=ACOUSTICS[reply.space].outdoors,
        tone=reply.tone.tone(),
        events=events,
    )


def _added(text: StructuredText, ruled: StructuredText, window: Window) -> tuple[SoundEvent, ...]:
    """What stands, and what the rules hear in a window; a sound that stands goes on in it."""
    events = list(text.events)
    for event in ruled.events:
        hits = tuple(hit for hit in event.hits if window.start_s <= hit.time_s < window.end_s)
        spans = tuple(span for span in event.spans if span.end_s > window.start_s)
        same = [i for i, one in enumerate(events) if one.subcategory is event.subcategory]
        if same and events[same[0]].hits and hits:
            known = events[same[0]]
            events[same[0]] = known.model_copy(update={"hits": (*known.hits, *hits)})
        elif not same and (hits or spans):
            events.append(event.model_copy(update={"id": DRAFT, "hits": hits, "spans": spans}))
    return numbered(tuple(events))


def _concerned(
    brief: Brief, previous: StructuredText | None, feedback: Sequence[Objection]
) -> Iterator[Window]:
    """The windows that a round goes through: all at first, then those of what is objected to."""
    every = [Window(*window) for window in windows_of(brief.observation)]
    if previous is None:
        yield from every
        return
    named = {o.event_id for o in feedback if o.event_id}
    events = [event for event in previous.events if event.id in named]
    everywhere = any(o.event_id is None for o in feedback)
    for window in every:
        if everywhere or any(window.holds(event) for event in events):
            yield window
