"""The page on which a person gives verdicts on moments. It asks nothing of the network."""

from pathlib import Path

from foley_designer.core.files import write_text
from foley_designer.core.script.spotting import Spotting, Verdict
from foley_designer.export.report.pages import environment


def write_spotting_page(path: Path, spotting: Spotting) -> None:
    """Write the page; its strips are files that the spotting names relative to it.

    Raises:
        FoleyError: as `replacing` raises.
    """
    template = environment().get_template("spotting.html.j2")
    document = {"schema": Spotting.SCHEMA, "schema_version": Spotting.VERSION}
    document |= spotting.model_dump(mode="json")
    choices = (Verdict.OPEN, Verdict.ACCEPT, Verdict.MOVE, Verdict.REJECT)
    write_text(path, template.render(spotting=spotting, document=document, choices=choices))
