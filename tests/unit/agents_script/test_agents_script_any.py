"""Whatever is told and seen, the rules end with valid documents."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foley_designer.agents.script_writer.search import Candidate, prune
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import MomentKind, MotionKind
from foley_designer.core.script.structured_text import StructuredText

FILLERS = ("and", "then", "in the distance", ",", ".", "twice", "a", "outside", "slowly", "\n")
TIMES = st.lists(st.floats(0, 5.99), max_size=12, unique=True).map(sorted)


@pytest.fixture(scope="module")
def words(knowledge):
    triggers = [t.replace(" ...", "") for card in knowledge.cards for t in card.triggers]
    return st.lists(st.sampled_from([*triggers, *FILLERS]), max_size=12).map(" ".join)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
@pytest.mark.slow
def test_scribe_validator_and_search_end_with_valid_documents(
    data, words, scribe, validator, writer, scorer, track, moments, observe
):
    kinds = data.draw(st.lists(st.sampled_from(MotionKind), max_size=3))
    tracks = tuple(track(f"t{i}", kind, 0, 2 + i) for i, kind in enumerate(kinds))
    seen = tuple(
        moment
        for i, kind in enumerate(MomentKind)
        for moment in moments(kind, data.draw(TIMES), f"t{i}", confidence=0.2 + 0.2 * i)
    )
    brief = Brief(observation=observe(tracks, seen), description=data.draw(words))
    text = scribe.propose(brief, None, ())
    for _ in range(3):
        text = scribe.propose(brief, text, validator.review(brief, text))
        assert StructuredText.from_json(text.to_json()) == text
    root = writer.root(brief, text)
    beam = (Candidate(root, scorer.score(brief, text, root)),)
    for _ in range(2):
        children = [
            Candidate(child.script, scorer.score(brief, text, child.script))
            for one in beam
            for child in writer.expand(brief, text, one.script, one.score, 3)
        ]
        for child in children:
            assert FoleyScript.from_json(child.script.to_json()) == child.script
        best = prune([*beam, *children], 2)
        assert best[0].score.total >= beam[0].score.total
        beam = best
