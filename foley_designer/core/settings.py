"""Settings: flag, then environment, then TOML file, then default."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from foley_designer.core.choices import Choices
from foley_designer.core.documents import describe
from foley_designer.core.errors import ErrorCode, FoleyError

CONFIG_HOME = Path.home() / ".config" / "foley-designer"


class Settings(BaseSettings, Choices):
    """`Choices` read from flags, environment (``FOLEY_`` plus the upper-case name) and file."""

    model_config = SettingsConfigDict(
        env_prefix="FOLEY_",
        env_ignore_empty=True,
        extra="ignore",
        toml_file=CONFIG_HOME / "config.toml",
        frozen=True,
        allow_inf_nan=False,
    )

    def __init__(self, **given: Any) -> None:
        """Read the settings.

        Raises:
            FoleyError: ``config_invalid`` with the setting and what is wrong, wherever it stands.
        """
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise FoleyError(ErrorCode.CONFIG_INVALID, describe(error, "settings")) from error
        except (ValueError, OSError, RecursionError) as error:
            told = " ".join(str(error).split())[:300]
            raise FoleyError(
                ErrorCode.CONFIG_INVALID,
                f"The settings can't be read: {told}.",
                f"They stand in FOLEY_ variables and in {CONFIG_HOME / 'config.toml'}.",
            ) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the hook's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then the TOML file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
