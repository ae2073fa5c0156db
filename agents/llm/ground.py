"""Ground: what a model's names must refer to, and what code had to change of its answer."""

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from foley_designer.agents import lexicon
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Complaint, Problem, ReplyError
from foley_designer.core.card import Card
from foley_designer.core.note import NoteKind
from foley_designer.core.script.observation import Observation
from foley_designer.core.sounds.table import rows_of

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

NEAR = 0.6
"""Likeness (`difflib.SequenceMatcher.ratio`) from which a word stands for a known one."""


class Ground:
    """What one question's answers are held against.

    What a first answer names and is not known is asked again. In the second answer the nearest
    known name takes its place, or it is left out; each such change is a remark.

    Args:
        observation: the clip.
        knowledge: the cards.
    """

    def __init__(self, observation: Observation, knowledge: "Knowledge") -> None:
        self.observation = observation
        self.knowledge = knowledge
        self.remarks: list[str] = []
        self._complaints: list[Complaint] = []
        self._answers = 0

    def begin(self) -> None:
        """Another answer is read: what was remarked of the one before it is void."""
        self._answers += 1
        self.remarks, self._complaints = [], []

    def doubt(self, problem: Problem, text: str) -> None:
        """Something can't be meant: asked again once, then passed over by the caller."""
        if self._answers <= 1:
            self._complaints.append(Complaint(problem, text))

    def settle(self) -> None:
        """Ask again if there is anything to ask.

        Raises:
            ReplyError: with all that was doubted.
        """
        if self._complaints:
            raise ReplyError(*dict.fromkeys(self._complaints[:12]))

    def remark(self, text: str) -> None:
        """Say a change that code makes to the answer."""
        self.remarks.append(text)

    def write(self, notebook: Notebook, step: str) -> None:
        """Leave the remarks as notes."""
        for text in dict.fromkeys(self.remarks):
            notebook.write(NoteKind.DECISION, step, text)

    def card(self, card_id: str) -> Card | None:
        """The card that an answer names; None if it is unknown and nothing is near."""
        try:
            return self.knowledge.get(card_id)
        except KeyError:
            pass
        ids = [card.id for card in self.knowledge.cards]
        found = like(card_id, ids)
        if found is not None and _plain(found) == _plain(card_id):
            return self.knowledge.get(found)
        near = difflib.get_close_matches(_plain(card_id), ids, n=3, cutoff=0.3)
        hint = f" Near: {', '.join(near)}." if near else ""
        self.doubt(Problem.UNKNOWN_CARD, f"{card_id[:60]!r}; take ids from sounds.{hint}")
        if found is None:
            self.remark(f"The sound “{card_id[:60]}” is not known and was left out.")
            return None
        self.remark(f"The sound “{card_id[:60]}” is not known; {found} takes its place.")
        return self.knowledge.get(found)

    def track(self, track_id: str | None) -> str | None:
        """A track of the clip, or None."""
        known = [track.id for track in self.observation.tracks]
        if track_id is None or track_id in known:
            return track_id
        told = next((one for one in known if _plain(one) == _plain(track_id)), None)
        if told is None:
            known_ids = listed(known)
            self.doubt(Problem.UNKNOWN_TRACK, f"{track_id[:40]!r}. Known: {known_ids}, or null.")
            self.remark(f"Track “{track_id[:40]}” was not seen: its sound follows no track.")
        return told

    def word(self, field: str, told: str, card: Card) -> str:
        """A word for how a sound is played, as its row knows it; else the nearest."""
        word = " ".join(told.lower().split())[:40]
        known, others = vocabulary(field, card)
        if not known or word in known or _plain(word) in known:
            return word if word in known or not known else _plain(word)
        meant = others.get(word) or like(word, known)
        if meant in known and (word in others or _plain(str(meant)) == _plain(word)):
            return str(meant)
        near = difflib.get_close_matches(word, known, n=3, cutoff=0.4) or list(known)[:12]
        self.doubt(
            Problem.UNKNOWN_WORD, f"{field} {word!r} of {card.id}. Nearest: {', '.join(near)}."
        )
        if meant in known:
            self.remark(f"{card.id}: {field} “{word}” is not known; played as {meant}.")
            return str(meant)
        usual: str | None = getattr(card.performance, field)
        self.remark(f"{card.id}: {field} “{word}” is not known; played as usual.")
        return usual or word


def vocabulary(field: str, card: Card) -> tuple[tuple[str, ...], dict[str, str]]:
    """Known words of a field for a card's kind, and other words that mean one of them.

    The first is empty if any word will do: nothing sounds otherwise by it.
    """
    rows = rows_of(card.subcategory)
    if field == "variant":
        aliases = {alias: row.variant for row in rows for alias in row.aliases}
        return tuple(row.variant for row in rows), aliases
    if field == "surface":
        words = _all(row.surfaces for row in rows if row.surfaced)
        return words, dict(lexicon.SURFACES)
    if field == "material":
        return _all(row.materials for row in rows if row.made_of), dict(lexicon.MATERIALS)
    return (*lexicon.MOODS, *(word for word in lexicon.TONES if word not in lexicon.MOODS)), {}


def like(word: str, known: Iterable[str]) -> str | None:
    """The known word that is written most alike, if any is alike enough."""
    plain = {_plain(one): one for one in known}
    found = difflib.get_close_matches(_plain(word), plain, n=1, cutoff=NEAR)
    return plain[found[0]] if found else None


def listed(ids: Iterable[str]) -> str:
    """Known ids, or ``none``."""
    return ", ".join(sorted(ids)[:30]) or "none"


def _plain(word: str) -> str:
    """A name without differences of case, spaces and dashes."""
    return "-".join(word.lower().replace("_", " ").replace("-", " ").split())


def _all(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for group in groups for word in group))
