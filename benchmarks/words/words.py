"""Are words read right: what happens is heard, and what is only spoken of is silent.

Six sets in ``tests/data``: ``polarity`` (negations, moods, mentions), ``instruments`` (verb,
object and instrument together), ``paraphrases`` (three ways to ask for each row of the table of
sounds), ``scripted`` (both of the first kinds, as scripts of films write), ``staged-moods`` and
``staged-acts`` (both again, out of the stage directions of old plays). Each sentence belongs to the
seen or the held half by its hash; words are worked on with the seen half alone.

Run: python -m benchmarks.words.words [--half held] [--each]
"""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from foley_designer.agents.lexicon import without_speech
from foley_designer.agents.scribe.calls import Call, calls
from foley_designer.agents.scribe.grounding import grounded
from foley_designer.agents.scribe.passages import Passage
from foley_designer.agents.scribe.wording import performance_of
from foley_designer.core.script.performance import Layer
from foley_designer.core.sounds.table import sound_of
from foley_designer.memory.knowledge_base import Knowledge, load

DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
SETS = ("polarity", "instruments", "paraphrases", "scripted", "staged-moods", "staged-acts")


class Sentence(NamedTuple):
    """Words and what has to come of them."""

    words: str
    heard: tuple[str, ...]
    """Rows or subcategories, ``a|b`` either; each has to be called."""
    silent: tuple[str, ...]
    """Rows or subcategories that may not be called; ``*`` is every foreground sound."""

    @property
    def half(self) -> str:
        """``seen`` or ``held``."""
        return ("seen", "held")[hashlib.sha256(self.words.encode()).digest()[0] % 2]


def sentences(name: str) -> Iterator[Sentence]:
    """The sentences of a set."""
    found = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    if isinstance(found, dict):
        for row, asked in found.items():
            yield from (Sentence(str(words), (row,), ()) for words in asked)
        return
    for words, heard, silent in found:
        yield Sentence(words, tuple(heard), tuple(silent))


def called(words: str, knowledge: Knowledge) -> tuple[Call, ...]:
    """What a description calls for, by its words or by meaning."""
    passages = (Passage(without_speech(words), "description"),)
    return calls(passages, knowledge) or grounded(passages, knowledge)


def names_of(call: Call) -> set[str]:
    """The row that a call is played as, and its subcategory."""
    play = performance_of(call.card, call.scope)
    row = sound_of(call.card.subcategory, play.variant)
    return {row.name, row.subcategory.value}


def is_right(sentence: Sentence, found: tuple[Call, ...]) -> bool:
    """Whether all that must be heard is, and nothing that must be silent."""
    names = [names_of(call) for call in found]
    heard = all(any(set(wanted.split("|")) & each for each in names) for wanted in sentence.heard)
    front = [call for call in found if call.card.layer is Layer.FOREGROUND or call.is_off_screen]
    quiet = not any(set(sentence.silent) & each for each in names)
    return heard and quiet and not ("*" in sentence.silent and front)


def main() -> None:
    """Print the share of sentences that are read right, by set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--half", choices=("seen", "held"), default="seen")
    parser.add_argument("--each", action="store_true", help="print what is read wrong")
    options = parser.parse_args()
    knowledge = load()
    for name in SETS:
        asked = [sentence for sentence in sentences(name) if sentence.half == options.half]
        right = 0
        for sentence in asked:
            found = called(sentence.words, knowledge)
            good = is_right(sentence, found)
            right += good
            if options.each and not good:
                got = [f"{c.card.sound.name}<{c.words}>{c.similarity or ''}" for c in found]
                print(f"{name}: {sentence.words!r} {sentence.heard} not {sentence.silent}: {got}")
        print(f"{name:12} {options.half}: {right} of {len(asked)}, {right / len(asked):.1%}")


if __name__ == "__main__":
    main()
