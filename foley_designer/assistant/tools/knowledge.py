"""foley_knowledge_search: how sounds are performed, by meaning."""

from typing import Annotated

from mcp.server.mcpserver import MCPServer
from pydantic import Field

from foley_designer.assistant.annotations import READS
from foley_designer.assistant.failures import answering
from foley_designer.assistant.paths import Place
from foley_designer.core.documents import Part


class CardFound(Part):
    """A knowledge card."""

    card: str
    title: str
    similarity: float
    subcategory: str
    layer: str
    surfaces: tuple[str, ...]
    body: str
    uri: str


class KnowledgeAnswer(Part):
    """Cards, the nearest first."""

    cards: tuple[CardFound, ...]
    next_call: str = "foley_script_submit with what you learnt, or foley_design."


def add(server: MCPServer, place: Place) -> None:  # noqa: ARG001 - as every tool is added
    """Give the server the tool."""

    @server.tool(
        title="Search Foley knowledge",
        annotations=READS,
    )
    @answering
    def foley_knowledge_search(
        query: Annotated[str, Field(min_length=1, max_length=500)],
        count: Annotated[int, Field(ge=1, le=20)] = 5,
    ) -> KnowledgeAnswer:
        """Find cards on how a sound is performed: surfaces, layers, levels, common mistakes."""
        return search(query, count)


def search(query: str, count: int) -> KnowledgeAnswer:
    """The cards nearest in meaning."""
    from foley_designer.core.settings import Settings  # noqa: PLC0415
    from foley_designer.memory.knowledge_base import load  # noqa: PLC0415 - loads chromadb

    settings = Settings()
    knowledge = load(settings.knowledge_dir, settings.data_dir / "knowledge-index")
    return KnowledgeAnswer(
        cards=tuple(
            CardFound(
                card=found.card.id,
                title=found.card.title,
                similarity=round(found.similarity, 4),
                subcategory=found.card.subcategory.value,
                layer=found.card.layer.value,
                surfaces=found.card.surfaces,
                body=found.card.body,
                uri=f"foley://knowledge/{found.card.id}",
            )
            for found in knowledge.search(query, count)
        )
    )
