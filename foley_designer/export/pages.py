"""Pages from templates: everything that comes from outside is escaped."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment() -> Environment:
    """The templates of this package, with escaping on and missing values refused."""
    return Environment(
        loader=PackageLoader("foley_designer.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
