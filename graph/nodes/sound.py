"""sound: one branch an event makes its take (section 3.2.2)."""

from langgraph.types import Send

from foley_designer.core.mix.take import Take
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.trajectory import Cues
from foley_designer.graph.nodes.check import to_remake
from foley_designer.graph.state import DesignState, SoundState
from foley_designer.graph.workbench import Workbench, report
from foley_designer.tools.generate import TOOL, GenerateInput


def sound(state: SoundState, bench: Workbench) -> DesignState:
    """Generate one event's take; a second attempt plays from other seeds."""
    script = bench.get(FoleyScript, state["script"])
    event = script.event(state["event_id"])
    settings = bench.settings
    answer = bench.tools.call(
        TOOL,
        GenerateInput(
            event=event,
            trajectory=bench.get(Cues, state["cues"]).of(event.id),
            space=script.space_of(event),
            sample_count=script.clip.sample_count,
            folder=str(bench.session.takes),
            engine=event.engine or settings.engine,
            seed=settings.seed + 7919 * state["attempt"] + 104_729 * event.take,
            takes=settings.takes,
        ),
    )
    report("sound", 1.0 / len(script.events), event.label)
    return {
        "takes": {event.id: answer.take.model_dump(mode="json")},
        "notes": [note.model_dump(mode="json") for note in answer.notes],
    }


def fan_out(state: DesignState, bench: Workbench) -> list[Send]:
    """One branch an event that has no take on the first attempt, one a failed take on the next."""
    script = bench.get(FoleyScript, state["script"])
    takes = {key: Take.model_validate(take) for key, take in state.get("takes", {}).items()}
    first = state["attempt"] == 0
    missing = [event.id for event in script.events if event.id not in takes]
    wanted = missing if first else to_remake(takes, state["attempt"])
    return [
        Send(
            "sound",
            SoundState(
                session=state["session"],
                script=state["script"],
                cues=state["cues"],
                event_id=event_id,
                attempt=state["attempt"],
            ),
        )
        for event_id in wanted
    ]
