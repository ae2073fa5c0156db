"""Settings of a command: its flags over environment, configuration file and defaults."""

from typing import Any

from foley_designer.core.errors import ErrorCode, FoleyError


def settings_of(**flags: Any) -> Any:
    """Settings with the flags that were given on top.

    Raises:
        FoleyError: ``config_invalid`` with the field and what was wrong.
    """
    from pydantic import ValidationError

    from foley_designer.core.documents import describe
    from foley_designer.core.settings import Settings

    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        raise FoleyError(ErrorCode.CONFIG_INVALID, describe(error, "settings")) from error
    except ValueError as error:
        raise FoleyError(
            ErrorCode.CONFIG_INVALID, f"The configuration file can't be read: {error}."
        ) from error
