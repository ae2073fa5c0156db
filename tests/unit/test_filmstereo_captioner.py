"""Captions by a model, asked over the real protocol."""

import pytest
from chat_endpoint import ANSWERS, answering
from filmstereo_items import an_item

from foley_designer.agents.captioner.model import held
from foley_designer.agents.llm.reply import ReplyError
from foley_designer.core.errors import FoleyError
from foley_designer.core.settings import Settings
from foley_designer.datasets.item import Item
from foley_designer.filmstereo.captioner import BuildCaptioner
from foley_designer.filmstereo.making import Made

SAID = ANSWERS["CaptionReply"]["caption"]


def _made(**changes):
    item = an_item(**changes)
    return Made(item.key, item.to_json(indent=None), b"sound")


@pytest.mark.slow
def test_the_model_describes_what_the_annotation_says():
    with answering() as endpoint:
        described = BuildCaptioner(Settings(**endpoint.settings)).describe(_made())
        asked = str(endpoint.requests[0]["messages"])
    item = Item.from_json(described.annotation)
    assert (item.caption, item.captioned_by) == (SAID, "model")
    assert described.audio == b"sound"
    assert "regions_deg" in asked
    assert "boots on gravel" in asked
    assert "in steps" in asked


def test_a_caption_that_contradicts_the_place_is_refused_and_the_grammars_kept():
    made = _made(regions_deg=(-45.0, -45.0))
    with answering() as endpoint:
        captioner = BuildCaptioner(Settings(**endpoint.settings))
        assert captioner.describe(made) == made
        assert len(endpoint.requests) == 2  # asked again once, with what was wrong
        assert "nothing is on the left" in str(endpoint.requests[1]["messages"])
    assert sum(captioner.reasons.values()) == 1


@pytest.mark.parametrize(
    ("caption", "regions", "fits"),
    [
        ("Boots go from the left to the right.", (45.0, -15.0), True),
        ("Boots go from the left to the right.", (45.0, 0.0), False),
        ("Boots stand straight ahead.", (0.0, 0.0), True),
        ("Boots stand at 45 degrees left.", (45.0, 45.0), False),
        ("Boots stand somewhere.", (-15.0, -15.0), False),
    ],
)
def test_sides_are_held_to_the_regions(caption, regions, fits):
    item = an_item(regions_deg=regions)
    if fits:
        assert held(caption, item) == caption
    else:
        with pytest.raises(ReplyError):
            held(caption, item)


def test_budget_and_missing_model_are_said():
    with pytest.raises(FoleyError, match="needs a language model"):
        BuildCaptioner(Settings())
    with answering() as endpoint:
        captioner = BuildCaptioner(Settings(**endpoint.settings, max_model_calls=1))
        assert captioner.describe(_made()) != _made()
        other = _made(regions_deg=(15.0, 15.0))  # an identical question would cost nothing
        assert captioner.describe(other) == other
        assert len(endpoint.requests) == 1
    assert "budget" in next(iter(captioner.reasons)).lower()
    given_up = Made("0" * 16, reason="no")
    assert captioner.describe(given_up) is given_up
