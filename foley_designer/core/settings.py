"""Settings: flag, then environment, then TOML file, then default."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from foley_designer.core.mix.mix_plan import LoudnessTarget, SurroundRoad

CONFIG_HOME = Path.home() / ".config" / "foley-designer"


class AgentSettings(BaseModel):
    """What differs for one agent; None takes the general setting."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    tools: bool | None = None


class Settings(BaseSettings):
    """What a run can be told. Environment names are ``FOLEY_`` plus the upper-case field name."""

    model_config = SettingsConfigDict(
        env_prefix="FOLEY_", extra="ignore", toml_file=CONFIG_HOME / "config.toml", frozen=True
    )

    seed: int = Field(default=0, ge=0, lt=2**63)
    target: LoudnessTarget = LoudnessTarget.EBU_R128
    surround: SurroundRoad = SurroundRoad.UPMIX
    lfe_gain_db: Annotated[float, Field(ge=-40, le=0)] = -10.0
    field_of_view_deg: Annotated[float, Field(gt=5, lt=170)] = 54.0
    """Horizontal field of view assumed for a clip; 54° is a 35 mm lens on full frame."""
    angle_model: Literal["pinhole", "paper"] = "pinhole"
    travel_delay: bool = False
    """Whether what flashes is heard later by its distance, instead of on its picture."""
    localizer: str = "auto"
    """Part that finds named things: ``auto``, ``none``, ``transformers``, ``model`` (the seeing
    language model) or a plug-in's name."""
    localizer_weights: str | None = None
    """Folder, or id in the Hugging Face cache, of OWLv2 or Grounding DINO."""
    depth_model: str = "auto"
    """Part that sees depth: ``auto``, ``none``, ``transformers`` or a plug-in's name."""
    depth_weights: str | None = None
    """Folder, or id in the Hugging Face cache, of Depth Anything V2."""
    depth_statistic: Literal["median", "mean"] = "median"
    """What of a box's depth stands for its source; the paper takes the mean."""
    pose_model: str = "auto"
    """Part that sees the joints of who walks: ``auto``, ``none``, ``transformers`` or a plug-in's
    name."""
    pose_weights: str | None = None
    """Folder, or id in the Hugging Face cache, of ViTPose."""
    engine: str = "auto"
    diffusion_model: Path | None = None
    """Folder of a position-aware model; None takes an adapter in the data folder's models, else
    foley-mini."""
    takes: Annotated[int, Field(ge=1, le=16)] = 2
    """Takes an event where the first one is not flawless."""

    branching: Annotated[int, Field(ge=1, le=8)] = 3
    """k: children of a node of the search."""
    beam: Annotated[int, Field(ge=1, le=8)] = 2
    """b: nodes kept a level."""
    depth: Annotated[int, Field(ge=1, le=8)] = 3
    """d_max: levels of the search."""
    threshold: Annotated[float, Field(gt=0, le=1)] = 0.9
    """τ: the score at which the search ends."""
    weights: tuple[float, float, float] = (0.5, 0.3, 0.2)
    """w1 alignment, w2 layers, w3 emotion."""
    scribe_rounds: Annotated[int, Field(ge=1, le=10)] = 3

    max_model_calls: Annotated[int, Field(ge=0)] = 60
    max_tokens: Annotated[int, Field(ge=0)] = 200_000
    max_seconds: Annotated[float, Field(gt=0)] = 1800.0

    llm_model: str | None = None
    """Model name at the OpenAI-compatible endpoint; None reasons by rules."""
    llm_method: Literal["json_schema", "json_mode", "function_calling", "text"] = "json_mode"
    llm_vision: bool = False
    """Whether the model sees: keyframes and mel pictures are attached."""
    llm_tools: bool = False
    """Whether agents may call the read-only tools by themselves before they answer."""
    llm_temperature: Annotated[float, Field(ge=0, le=2)] = 0.2
    llm_prices: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]] | None = None
    """Price of a million prompt tokens and of a million completion tokens: the cost is shown."""
    llm_timeout_s: Annotated[float, Field(gt=0)] = 60.0
    agents: dict[str, AgentSettings] = {}
    """Per agent, such as ``scorer``: its own model, temperature, and whether it has tools."""
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")

    tools_url: str | None = None
    """Where the tool server listens; None calls tools in process."""
    tools_share_folders: bool = False
    """Whether the tool server reads and writes the same folders; otherwise files are sent to it."""
    prompts_dir: Path | None = None
    knowledge_dir: Path | None = None
    data_dir: Path = Path.home() / ".local" / "share" / "foley-designer"
    """Knowledge index, preferences and the user's sound library."""
    clap_dir: Path | None = None
    """A folder with a CLAP model: the library's recordings are also found by what is in them."""

    @property
    def uses_model(self) -> bool:
        """Whether agents reason with a language model."""
        return self.llm_model is not None

    def model_of(self, agent: str) -> tuple[str, float]:
        """Model name and temperature for one agent; the name is empty where none is set."""
        own = self.agents.get(agent, AgentSettings())
        temperature = self.llm_temperature if own.temperature is None else own.temperature
        return own.model or self.llm_model or "", temperature

    def tools_of(self, agent: str) -> bool:
        """Whether an agent may call tools by itself."""
        own = self.agents.get(agent, AgentSettings()).tools
        return self.llm_tools if own is None else own

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
