"""Settings: flag, then environment, then TOML file, then default."""

from pathlib import Path

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from foley_designer.core.choices import Choices

CONFIG_HOME = Path.home() / ".config" / "foley-designer"


class Settings(BaseSettings, Choices):
    """`Choices` read from flags, environment (``FOLEY_`` plus the upper-case name) and file."""

    model_config = SettingsConfigDict(
        env_prefix="FOLEY_", extra="ignore", toml_file=CONFIG_HOME / "config.toml", frozen=True
    )

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
