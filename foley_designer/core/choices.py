"""Settings of a run: every one, what it is for, and where it shows."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from foley_designer.core.mix.mix_plan import LoudnessTarget, SurroundMethod
from foley_designer.core.options import Decides, Neutral, Shown, Step, decisive
from foley_designer.core.timecode import named_rate


def _rate(text: str | None) -> str | None:
    return None if text is None else str(named_rate(text))


_Weight = Annotated[float, Field(ge=0)]


def _some_weight(weights: tuple[float, float, float]) -> tuple[float, float, float]:
    if not sum(weights):
        raise ValueError("one weight at least must be above 0")
    return weights


class AgentSettings(BaseModel):
    """What differs for one agent; None takes the general setting."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    tools: bool | None = None


class Choices(BaseModel):
    """The settings of a run. Environment names are ``FOLEY_`` plus the upper-case field name.

    Each field says whether it decides what comes out, and whether doors show it
    (`foley_designer.core.options`).
    """

    model_config = ConfigDict(frozen=True)

    seed: Annotated[
        int, Field(ge=0, lt=2**63), Decides(Step.SCRIPT), Shown("Another seed gives other takes.")
    ] = 0
    target: Annotated[
        LoudnessTarget,
        Decides(Step.MIX),
        Shown("Loudness: ebu_r128, atsc_a85, netflix_foley or theatrical."),
    ] = LoudnessTarget.EBU_R128
    surround: Annotated[
        SurroundMethod, Decides(Step.MIX), Shown("Road to 5.1: upmix, objects or matrix.")
    ] = SurroundMethod.UPMIX
    lfe_gain_db: Annotated[float, Field(ge=-40, le=0), Decides(Step.MIX)] = -10.0
    rate: Annotated[
        str | None,
        AfterValidator(_rate),
        Decides(Step.SEE),
        Shown("Frames a second of images, and of timecode; the clip's own."),
    ] = None
    """Rate at which timecode counts, and at which a sequence of images plays, such as ``24`` or
    ``30000/1001``; None takes the clip's own."""
    field_of_view_deg: Annotated[
        float,
        Field(gt=5, lt=170),
        Decides(Step.SEE),
        Shown("Degrees that the clip's lens shows across; 54."),
    ] = 54.0
    """Horizontal field of view assumed for a clip; 54° is a 35 mm lens on full frame."""
    angle_model: Annotated[
        Literal["pinhole", "paper"],
        Decides(Step.SEE),
        Shown("pinhole, or paper for its literal Eq. 2."),
    ] = "pinhole"
    travel_delay: Annotated[
        bool, Decides(Step.SCRIPT), Shown("Hear what flashes later, by its distance.")
    ] = False
    """Whether what flashes is heard later by its distance, instead of on its picture."""
    localizer: Annotated[str, Decides(Step.SEE)] = "auto"
    """Part that finds named things: ``auto``, ``none``, ``transformers`` or a plug-in's name."""
    localizer_weights: Annotated[str | None, Decides(Step.SEE)] = None
    """Folder, or id in the Hugging Face cache, of OWLv2 or Grounding DINO."""
    depth_model: Annotated[str, Decides(Step.SEE)] = "auto"
    """Part that sees depth: ``auto``, ``none``, ``transformers`` or a plug-in's name."""
    depth_weights: Annotated[str | None, Decides(Step.SEE)] = None
    """Folder, or id in the Hugging Face cache, of Depth Anything V2."""
    depth_statistic: Annotated[Literal["median", "mean"], Decides(Step.SEE)] = "median"
    """What of a box's depth stands for its source; the paper takes the mean."""
    pose_model: Annotated[str, Decides(Step.SEE)] = "auto"
    """Part that sees the joints of who walks: ``auto``, ``none``, ``transformers`` or a plug-in's
    name."""
    pose_weights: Annotated[str | None, Decides(Step.SEE)] = None
    """Folder, or id in the Hugging Face cache, of ViTPose."""
    engine: Annotated[
        str, Decides(Step.SOUND), Shown("Sound engine; auto chooses for each event.")
    ] = "auto"
    diffusion_model: Annotated[Path | None, Neutral("the weights that it leads to are hashed")] = (
        None
    )
    """Folder of a position-aware model; None takes an adapter in the data folder's models, else
    foley-mini."""
    takes: Annotated[int, Field(ge=1, le=16), Decides(Step.SOUND)] = 2
    """Takes an event where the first one is not flawless."""

    branching: Annotated[int, Field(ge=1, le=8), Decides(Step.SCRIPT)] = 3
    """k: children of a node of the search."""
    beam: Annotated[int, Field(ge=1, le=8), Decides(Step.SCRIPT)] = 2
    """b: nodes kept a level."""
    depth: Annotated[int, Field(ge=1, le=8), Decides(Step.SCRIPT)] = 3
    """d_max: levels of the search."""
    threshold: Annotated[float, Field(gt=0, le=1), Decides(Step.SCRIPT)] = 0.9
    """τ: the score at which the search ends."""
    weights: Annotated[
        tuple[_Weight, _Weight, _Weight], AfterValidator(_some_weight), Decides(Step.SCRIPT)
    ] = (0.5, 0.3, 0.2)
    """w1 alignment, w2 layers, w3 emotion."""
    scribe_rounds: Annotated[int, Field(ge=1, le=10), Decides(Step.SCRIPT)] = 3

    max_model_calls: Annotated[
        int,
        Field(ge=0),
        Neutral("a spent budget is a note, and a larger one lets the same command go on"),
    ] = 60
    max_tokens: Annotated[int, Field(ge=0), Neutral("as max_model_calls")] = 200_000
    max_seconds: Annotated[float, Field(gt=0), Neutral("as max_model_calls")] = 1800.0

    llm_model: Annotated[str | None, Decides(Step.SCRIPT)] = None
    """Model name at the OpenAI-compatible endpoint; None reasons by rules."""
    llm_method: Annotated[
        Literal["json_schema", "json_mode", "function_calling", "text"], Decides(Step.SCRIPT)
    ] = "json_mode"
    llm_vision: Annotated[bool, Decides(Step.SEE)] = False
    """Whether the model sees: contact sheets and mel pictures are attached."""
    llm_picture_px: Annotated[int, Field(ge=512, le=4096), Decides(Step.SCRIPT)] = 1568
    """Pixels of a picture's longer side that the model takes; larger ones it would reduce. The
    default is the least of the large providers' limits (Anthropic's; OpenAI takes 2048)."""
    llm_hearing: Annotated[bool, Decides(Step.MIX)] = False
    """Whether the model hears (``input_audio``): stems and mix go to the agents that mix."""
    llm_tools: Annotated[bool, Decides(Step.SCRIPT)] = False
    """Whether agents may call the read-only tools by themselves before they answer."""
    llm_temperature: Annotated[float, Field(ge=0, le=2), Decides(Step.SCRIPT)] = 0.2
    llm_parallel: Annotated[int, Field(ge=1, le=32), Neutral("how many questions go at once")] = 4
    """Questions that the model is asked at a time; 1 for a server that answers one by one."""
    llm_prices: Annotated[
        tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]] | None,
        Neutral("only shown"),
    ] = None
    """Price of a million prompt tokens and of a million completion tokens: the cost is shown."""
    llm_timeout_s: Annotated[
        float, Field(gt=0), Neutral("a call that ends late is asked again or is a note")
    ] = 60.0
    agents: Annotated[dict[str, AgentSettings], Decides(Step.SCRIPT)] = {}
    """Per agent, such as ``scorer``: its own model, temperature, and whether it has tools."""
    openai_base_url: Annotated[str | None, Neutral("an address; the model's name decides")] = Field(
        default=None, validation_alias="OPENAI_BASE_URL"
    )
    openai_api_key: Annotated[SecretStr | None, Neutral("a key")] = Field(
        default=None, validation_alias="OPENAI_API_KEY"
    )

    tools_url: Annotated[str | None, Neutral("tools answer the same on any machine")] = None
    """Where the tool server listens; None calls tools in process."""
    tools_share_folders: Annotated[bool, Neutral("how files reach the tools")] = False
    """Whether the tool server reads and writes the same folders; otherwise files are sent to it."""
    prompts_dir: Annotated[Path | None, Neutral("the prompts are hashed")] = None
    knowledge_dir: Annotated[Path | None, Neutral("the cards are hashed")] = None
    data_dir: Annotated[Path, Neutral("what it holds is hashed")] = (
        Path.home() / ".local" / "share" / "foley-designer"
    )
    """Knowledge index, preferences and the user's sound library."""
    clap_dir: Annotated[
        Path | None, Neutral("orders the library's own recordings, which are hashed")
    ] = None
    """A folder with a CLAP model: the library's recordings are also found by what is in them."""

    @property
    def frame_rate(self) -> Fraction | None:
        """The rate as an exact fraction."""
        return None if self.rate is None else Fraction(self.rate)

    @property
    def uses_model(self) -> bool:
        """Whether agents reason with a language model."""
        return self.llm_model is not None

    def model_of(self, agent: str) -> tuple[str, float]:
        """Model name and temperature for one agent; the name is empty if none is set."""
        own = self.agents.get(agent, AgentSettings())
        temperature = self.llm_temperature if own.temperature is None else own.temperature
        return own.model or self.llm_model or "", temperature

    def tools_of(self, agent: str) -> bool:
        """Whether an agent may call tools by itself."""
        own = self.agents.get(agent, AgentSettings()).tools
        return self.llm_tools if own is None else own


DECISIVE = decisive(Choices)
"""Settings that decide what comes out; a session belongs to one set of them."""
