"""Each setting says what it is for, and every door follows."""

import inspect
from typing import Annotated, Any, get_args

import pytest
from typer.main import get_command

from foley_designer.cli.main import app
from foley_designer.cli.settings import settings_of
from foley_designer.core.choices import DECISIVE, Choices
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.options import Decides, Neutral, Step, mark, options, taking


@pytest.mark.parametrize("name", Choices.model_fields)
def test_a_setting_either_decides_or_says_why_not(name: str) -> None:
    field = Choices.model_fields[name]
    assert (mark(field, Decides) is None) != (mark(field, Neutral) is None)


def test_what_decides_is_read_from_the_marks() -> None:
    assert {"seed", "target", "llm_model", "agents"} <= DECISIVE
    assert not DECISIVE & {"max_tokens", "openai_api_key", "tools_url"}


@pytest.mark.parametrize(
    ("command", "upto"),
    [("design", Step.MIX), ("script", Step.SCRIPT), ("cues", Step.SCRIPT), ("spot", Step.SCRIPT)],
)
def test_a_command_has_an_option_for_each_shown_setting_that_it_reaches(
    command: str, upto: Step
) -> None:
    parameters: Any = get_command(app).commands[command].params  # type: ignore[attr-defined]
    flags = {flag for parameter in parameters for flag in parameter.opts}
    assert {option.flag for option in options(Choices, upto)} <= flags


def test_a_wrong_option_is_a_config_error() -> None:
    with pytest.raises(FoleyError) as refused:
        settings_of(angle_model="fisheye")
    assert refused.value.code is ErrorCode.CONFIG_INVALID
    assert "angle_model" in refused.value.message


def test_taking_hands_on_what_was_given() -> None:
    def command(clip: str, *, chosen: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return clip, chosen

    extra = inspect.Parameter(
        "seed", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[int | None, 1]
    )
    wrapped = taking(command, (extra,), into="chosen")
    assert wrapped("a.mp4") == ("a.mp4", {})
    assert wrapped("a.mp4", seed=3) == ("a.mp4", {"seed": 3})
    assert list(inspect.signature(wrapped).parameters) == ["clip", "seed"]
    assert get_args(wrapped.__annotations__["seed"])[0] == int | None
