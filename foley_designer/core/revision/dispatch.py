"""One function for what each kind of operation does; the modules beside fill it in."""

from functools import singledispatch

from foley_designer.core.revision.base import Edit
from foley_designer.core.script.foley_script import FoleyScript


@singledispatch
def applied(operation: Edit, script: FoleyScript) -> FoleyScript:
    """The script after one operation; values are not checked against their ranges yet.

    Raises:
        RevisionError: the script can't take it.
    """
    raise NotImplementedError(f"no rule for {operation!r} on {script.SCHEMA}")
