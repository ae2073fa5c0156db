"""search_knowledge: Foley design knowledge by meaning."""

from pydantic import Field

from foley_designer.core.card import Card
from foley_designer.core.documents import Part
from foley_designer.tools.context import Tool, ToolContext


class SearchInput(Part):
    """A question in plain words."""

    query: str = Field(min_length=1, max_length=500)
    count: int = Field(default=5, ge=1, le=20)
    folder: str | None = None
    """The user's own folder of cards on the tools' machine, beside the embedded ones."""


class FoundCard(Part):
    """A card and how near it is."""

    card: Card
    similarity: float = Field(ge=-1, le=1)
    """Cosine similarity drawn towards 1 by words in common; slightly negative for what has nothing
    to do with the query."""


class SearchOutput(Part):
    """Cards, the nearest first."""

    found: tuple[FoundCard, ...]


def search_knowledge(request: SearchInput, context: ToolContext) -> SearchOutput:
    """Search the embedded cards and the user's.

    Raises:
        FoleyError: ``card_invalid``, ``path_not_allowed``.
    """
    extra = context.read(request.folder) if request.folder else None
    found = context.shelf.knowledge(extra).search(request.query, request.count)
    return SearchOutput(
        found=tuple(FoundCard(card=hit.card, similarity=hit.similarity) for hit in found)
    )


TOOL = Tool(
    name="search_knowledge",
    title="Search Foley knowledge",
    description="Cards on how a sound is performed: surfaces, layers, levels, mistakes.",
    input=SearchInput,
    output=SearchOutput,
    run=search_knowledge,
)
