"""Pages from templates: everything that comes from outside is escaped."""

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined


@functools.cache
def environment() -> Environment:
    """The templates of this package, with escaping on and missing values refused.

    One for the process, since it keeps the templates that it compiled.
    """
    return Environment(
        loader=PackageLoader("foley_designer.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
