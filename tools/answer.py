"""How a tool's answer is shown to a model that reads text."""

from pydantic import BaseModel

LONGEST = 20_000
"""Characters of an answer that are shown; programs get it whole beside the text."""


def shown(answer: BaseModel) -> str:
    """The answer as JSON, cut where no model would read on."""
    text = answer.model_dump_json()
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]} … and {more} characters more"
