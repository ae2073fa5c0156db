"""Templates of prompts: what a prompt needs renders; nothing runs away, whatever it asks for."""

import pytest

from foley_designer.prompts.template import LONGEST_TEMPLATE, TemplateFaultError, render

VALUES = {"seen": "a door, a dog", "count": 3}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ seen }}", "a door, a dog"),
        ("{{ seen | upper | trim }}", "A DOOR, A DOG"),
        ("{% if count > 2 and seen %}many{% else %}few{% endif %}", "many"),
        ("{{ 'x' if count is odd else 'y' }}", "x"),
        ("{# a remark #}{% raw %}{{ seen }}{% endraw %}", "{{ seen }}"),
        ("{{ seen[:6] }}", "a door"),
    ],
)
def test_what_a_prompt_needs(template: str, text: str) -> None:
    assert render(template, VALUES) == text


@pytest.mark.parametrize(
    "template",
    [
        "{{ seen * 1000000000 }}",
        "{{ 10 ** 10 ** 8 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ seen | center(999999999) }}",
        "{{ seen ~ seen }}",
        "{% set b = seen ~ seen %}{{ b }}",
        "{% for a in seen %}{% for b in seen %}{% endfor %}{% endfor %}",
        "{% for a in range(99999999) %}{% endfor %}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ lipsum(99999) }}",
        "{% include 'x' %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ nothing }}",
        "{{ seen.door }}",
        "{{",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ " + "not " * 5000 + "1 }}",
        "{{ 9" + "9" * 5000 + " }}",
        "{% if 1 %}" * 300 + "{% endif %}" * 300,
        "{{ seen" + " | upper" * 8000 + " }}",
        "x" * (LONGEST_TEMPLATE + 1),
    ],
)
def test_what_would_run_away_or_out_is_refused(template: str) -> None:
    with pytest.raises(TemplateFaultError):
        render(template, VALUES)


def test_output_is_bounded() -> None:
    with pytest.raises(TemplateFaultError, match="renders more"):
        render("{{ seen }}" * 6000, {"seen": "x" * 16_000})
