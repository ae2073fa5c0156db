"""The agents that write and judge, one scene at a time; a clip of one scene goes through whole."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import chain, zip_longest
from typing import TypeVar

from foley_designer.agents.interfaces import (
    Objection,
    Proposal,
    Score,
    Scorer,
    Scribe,
    ScriptWriter,
    Validator,
)
from foley_designer.agents.scenes.parts import Part, merged, parts_of, together
from foley_designer.agents.scenes.weather import through_walls
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText

A = TypeVar("A")
B = TypeVar("B")


class SceneScribe:
    """Proposes T scene by scene; later rounds write only scenes that are objected to."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe

    def propose(
        self, brief: Brief, previous: StructuredText | None, feedback: tuple[Objection, ...]
    ) -> StructuredText:
        """T of the film."""
        parts = parts_of(brief)
        if not parts:
            return self.scribe.propose(brief, previous, feedback)

        def write(part: Part) -> tuple[Part, StructuredText]:
            before = part.text(previous) if previous else None
            about = tuple(o for o in feedback if before and part.concerns(o, before.events))
            if before is None or about:
                return part, self.scribe.propose(part.brief, before, about)
            return part, before

        written = side_by_side(self.scribe, write, parts)
        if previous is None:
            return together(brief, through_walls(written))
        text = together(brief, written)
        points = tuple(dict.fromkeys((*previous.open_points, *text.open_points)))
        return text.model_copy(update={"open_points": points})


class SceneValidator:
    """Reviews T scene by scene."""

    def __init__(self, validator: Validator) -> None:
        self.validator = validator

    def review(self, brief: Brief, text: StructuredText) -> tuple[Objection, ...]:
        """Objections, each with its scene."""
        parts = parts_of(brief)
        if not parts:
            return self.validator.review(brief, text)

        def read(part: Part) -> Iterable[Objection]:
            own = part.text(text)
            return () if own is None else _marked(part, self.validator.review(part.brief, own))

        return tuple(chain.from_iterable(side_by_side(self.validator, read, parts)))


class SceneWriter:
    """Writes children scene by scene: the first child holds the first of every scene, and so on."""

    def __init__(self, writer: ScriptWriter) -> None:
        self.writer = writer

    def root(self, brief: Brief, text: StructuredText) -> FoleyScript:
        """The script of T."""
        return self.writer.root(brief, text).model_copy(update={"settings": text.settings})

    def expand(
        self, brief: Brief, text: StructuredText, script: FoleyScript, score: Score, k: int
    ) -> tuple[Proposal, ...]:
        """At most k children of the film's script."""
        parts = parts_of(brief)
        if not parts:
            return self.writer.expand(brief, text, script, score, k)
        scripts = [
            (part, own, its_text)
            for part in parts
            if (own := part.script(script)) and (its_text := part.text(text))
        ]

        def grow(one: tuple[Part, FoleyScript, StructuredText]) -> tuple[Proposal, ...]:
            part, own, its_text = one
            objections = tuple(o for o in score.objections if part.concerns(o, own.events))
            its_score = score.model_copy(update={"objections": objections})
            return self.writer.expand(part.brief, its_text, own, its_score, k)

        children = side_by_side(self.writer, grow, scripts)
        rows = zip_longest(*children)
        return tuple(_combined(script, [(p, own) for p, own, _ in scripts], row) for row in rows)


class SceneScorer:
    """Scores a script scene by scene; longer scenes weigh more."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer

    def score(self, brief: Brief, text: StructuredText, script: FoleyScript) -> Score:
        """The film's score."""
        parts = parts_of(brief)
        if not parts:
            return self.scorer.score(brief, text, script)
        scores: list[tuple[Part, Score]] = []
        for part in parts:
            own, its_text = part.script(script), part.text(text)
            if own is not None and its_text is not None:
                scores.append((part, self.scorer.score(part.brief, its_text, own)))
        if not scores:
            return Score(align=0, layer=0, emotion=0, total=0)

        def mean(field: Callable[[Score], float]) -> float:
            whole = sum(part.seconds for part, _ in scores)
            return min(1.0, sum(part.seconds * field(one) for part, one in scores) / whole)

        return Score(
            align=mean(lambda one: one.align),
            layer=mean(lambda one: one.layer),
            emotion=mean(lambda one: one.emotion),
            total=mean(lambda one: one.total),
            objections=tuple(o for part, one in scores for o in _marked(part, one.objections)),
        )

    def read(self, brief: Brief, text: StructuredText, scripts: Sequence[FoleyScript]) -> None:
        """Siblings that will be scored, scene by scene."""
        parts = parts_of(brief)
        if not parts:
            self.scorer.read(brief, text, scripts)

        def judge(part: Part) -> None:
            its_text = part.text(text)
            own = [one for script in scripts if (one := part.script(script)) is not None]
            if its_text is not None and own:
                self.scorer.read(part.brief, its_text, own)

        side_by_side(self.scorer, judge, parts)


def side_by_side(agent: object, work: Callable[[A], B], parts: Sequence[A]) -> list[B]:
    """The work on each part, in their order; at a time as many as the agent takes.

    Args:
        agent: one that asks a model says ``at_once``; rules take one after another.
        work: what is done with a part.
        parts: scenes.
    """
    most = min(getattr(agent, "at_once", 1), len(parts))
    if most <= 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(most) as pool:
        running = [pool.submit(copy_context().run, work, part) for part in parts]
        return [one.result() for one in running]


def _marked(part: Part, objections: Iterable[Objection]) -> Iterable[Objection]:
    return (one.model_copy(update={"scene": part.scene.id}) for one in objections)


def _combined(
    script: FoleyScript,
    scripts: list[tuple[Part, FoleyScript]],
    children: tuple[Proposal | None, ...],
) -> Proposal:
    """The film's script with the children of some scenes in place of their own."""
    written = [
        (part, (child.script if child else own))
        for (part, own), child in zip(scripts, children, strict=True)
    ]
    made = [
        (part.scene.id, child)
        for (part, _), child in zip(scripts, children, strict=True)
        if child is not None
    ]
    events = merged([(part, own.space, own.events) for part, own in written])
    notes = tuple(
        dict.fromkeys((*script.notes, *(note for _, own in written for note in own.notes)))
    )
    return Proposal(
        script=script.model_copy(update={"events": events, "notes": notes}),
        operator=" ".join(dict.fromkeys(child.operator for _, child in made)),
        reason=" ".join(f"{scene}: {child.reason}" for scene, child in made),
        sibling=all(child.sibling for _, child in made),
    )
