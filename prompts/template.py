"""Templates of prompts: the part of Jinja that a prompt needs, so that none can run away.

Jinja's sandbox keeps a template from the program; it doesn't keep it from multiplying a text by a
billion or from loops in loops. What may stand in a template is listed here: names, texts, numbers,
comparisons, conditions, and filters that make nothing longer. Inputs are texts and numbers, so
there is nothing to loop over; without loops the time and the length of what is rendered are bounded
by the template's length times its inputs'. The length is counted all the same.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_TEMPLATE = 64 * 1024
"""Characters; the longest built-in prompt has 6,000."""
LONGEST_OUTPUT = 1_000_000
"""Characters that a prompt may render; models take about a tenth."""
FILTERS = (
    *("capitalize", "count", "default", "first", "int", "last", "length"),
    *("lower", "round", "title", "trim", "upper", "wordcount"),
)
_PARTS = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.If, nodes.CondExpr, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg),
    *(nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Keyword, nodes.Tuple, nodes.List),
)
_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters = {name: _ENVIRONMENT.filters[name] for name in FILTERS}
_FAILURES = (
    TemplateError,
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    SyntaxError,
    MemoryError,
)
"""What a template can end in, Python's own parser included."""


class TemplateFaultError(ValueError):
    """A template that can't be rendered; the text says why, without a full stop."""


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    """A template that uses nothing that it may not."""
    tree = _ENVIRONMENT.parse(template)
    _permit(tree)
    return _ENVIRONMENT.from_string(tree)


def render(template: str, values: Mapping[str, Any]) -> str:
    """The text that a template makes of these values, without white space around it.

    Raises:
        TemplateFaultError: it is no template, uses what it may not, asks for a value that there
            is not, or renders too much.
    """
    if len(template) > LONGEST_TEMPLATE:
        raise TemplateFaultError(f"more than {LONGEST_TEMPLATE} characters")
    try:
        pieces, length = [], 0
        for piece in _compiled(template).generate(values):
            length += len(piece)
            if length > LONGEST_OUTPUT:
                raise TemplateFaultError(f"it renders more than {LONGEST_OUTPUT} characters")
            pieces.append(piece)
    except TemplateFaultError:
        raise
    except _FAILURES as error:
        raise TemplateFaultError(" ".join(str(error).split()) or type(error).__name__) from error
    return "".join(pieces).strip()


def _permit(node: nodes.Node) -> None:
    if not isinstance(node, _PARTS):
        raise TemplateFaultError(f"{type(node).__name__.lower()} is not for prompts")
    for inner in node.iter_child_nodes():
        _permit(inner)
