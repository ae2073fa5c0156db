"""Prompts that a user picks in the host: spot a scene, revise a mix, explain a decision."""

from importlib.resources import files
from string import Template
from typing import Annotated

from mcp.server.mcpserver import MCPServer
from pydantic import Field

Session = Annotated[str, Field(description="Name of a session.", max_length=64)]


def add(server: MCPServer) -> None:
    """Give the server its prompts."""

    @server.prompt(
        title="Spot a scene",
        description="Look at a clip, find what should sound, and design it.",
    )
    def spot_a_scene(
        clip: Annotated[str, Field(description="Path of the clip.", max_length=4096)],
        about: Annotated[str, Field(description="What is known.", max_length=4000)] = "",
    ) -> str:
        return _filled("spot_a_scene", clip=clip, about=about or "nothing")

    @server.prompt(
        title="Revise a mix",
        description="Change a design in plain words, and compare before and after.",
    )
    def revise_a_mix(
        session: Session,
        wish: Annotated[str, Field(description="What should be different.", max_length=2000)],
    ) -> str:
        return _filled("revise_a_mix", session=session, wish=wish)

    @server.prompt(
        title="Explain a decision",
        description="Say why a sound is there, why it sounds so, and what else was considered.",
    )
    def explain_a_decision(
        session: Session,
        question: Annotated[str, Field(description="What is asked.", max_length=2000)],
    ) -> str:
        return _filled("explain_a_decision", session=session, question=question)


def _filled(name: str, **values: str) -> str:
    """A text with its blanks filled; what a user gave stands between marks, as data."""
    text = files("foley_designer.assistant").joinpath("texts", f"{name}.md").read_text()
    marked = {key: f"<<{value.replace('>>', '> >')}>>" for key, value in values.items()}
    return Template(text).substitute(marked)
