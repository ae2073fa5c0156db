"""The worked examples of docs/extending-prompts.md do what the page says."""

import re
from pathlib import Path

from foley_designer.agents.llm.team import REPLIES, check_outputs
from foley_designer.prompts.prompt import RULE
from foley_designer.prompts.store import load

PAGE = Path(__file__).parents[2] / "docs" / "extending-prompts.md"
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```markdown\n(.*?)\n```\n", re.DOTALL)


def test_the_examples_open_and_take_effect(tmp_path: Path) -> None:
    examples = dict(EXAMPLE.findall(PAGE.read_text()))
    assert set(examples) == {"scribe/propose.extra.md", "critic/review.md"}
    for name, text in examples.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    store, plain = load(tmp_path), load()
    check_outputs(store)
    inputs = dict.fromkeys(store.get("scribe/propose").inputs, "")
    scribe = store.render("scribe/propose", inputs)
    assert "House notes:\nThis film is a western." in scribe.system
    assert "+This film is a western." in store.diff("scribe/propose")
    critic = store.render("critic/review", {"before": {}, "after": {"event": "e01_steps"}})
    assert "radio drama" in critic.system
    assert critic.system.endswith(RULE)
    assert '<data name="after">\n{"event": "e01_steps"}\n</data>' in critic.user
    changed = {name for name in plain.ids if plain.get(name).hash != store.get(name).hash}
    assert changed == {"scribe/propose", "critic/review"}


def test_the_page_names_every_prompt_and_its_answer() -> None:
    page = PAGE.read_text()
    for prompt_id, reply in REPLIES.items():
        assert f"`{prompt_id}.md`" in page
        assert f"`{reply.__name__}`" in page


def test_the_provenance_on_the_page_is_the_real_one() -> None:
    assert load().get("critic/review").provenance in PAGE.read_text()
