"""Known mixes: scenes in good balance, one fault planted in each; is it named, and is it mended?

    python -m benchmarks.mix.known_mix [--seeds 2] [--seconds 6]

Every scene is performed by the embedded engine and balanced by the planner. Then one fault is
planted: a track 12 dB too loud, a reverberation of 1.2 s in a dry car, one sound over another in
its own band, footsteps buried, DC, clipping. The first table says how often the diagnosis names
that fault, and how often nothing else that the scene did not have before. The second one says how
often the fault is gone from a mix that is left as it is, one with every track at its planned
loudness, and one that planner, specialists and critic worked on; how many of those mixes show
another fault; and how many have a measure that got worse by more than 10 %. Measures are those of
the faults, of every track, each as a share of the limit at which it counts as a fault; they are
held against the mix with the fault or the one without, whichever is worse, since a fault hides
some things and uncovers others. Worse by 10 % is a rise of 0.1, or beyond the limit by a tenth.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.mix.mix_scenes import BACK, FRONT, SCENES, perform, script_of
from benchmarks.mix.planted import (
    REVERB_SCENE,
    Mix,
    Planted,
    is_planted,
    measure,
    named_rightly,
    plant,
    write,
)
from foley_designer.agents.critic.rules import RulesCritic
from foley_designer.agents.critic.verdict import Mixed, faults
from foley_designer.agents.dynamics.rules import RulesDynamics
from foley_designer.agents.eq.rules import RulesEq
from foley_designer.agents.interfaces import SpecialistProposal
from foley_designer.agents.mix_planner.repairs import expected_rt60
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.agents.reconcile import reconcile
from foley_designer.agents.reverb.rules import RulesReverb
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import LoudnessTarget, MixPlan
from foley_designer.dsp.effects.process import process
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.dsp.level.mixdown import mixdown
from foley_designer.dsp.repair.faults import (
    CLIPPED_SAMPLES,
    DC_OFFSET,
    LEVEL_LU,
    MASKED_SHARE,
    Expectation,
    MixFaultKind,
    find_faults,
    longest_rt60,
)
from foley_designer.memory import knowledge_base
from foley_designer.memory.knowledge_base import Knowledge

TARGET = LoudnessTarget.EBU_R128


def balanced(name: str, seed: int, seconds: float, knowledge: Knowledge, folder: Path) -> Mix:
    """A scene with every stem where the planner puts it; there is where it is expected."""
    script = script_of(name, seconds)
    stems = {event.id: perform(script, event, seed) for event in script.events}
    diagnosis = measure(Mix(script, stems, {}, {}), folder)
    plan = RulesMixPlanner(knowledge, TARGET).plan(script, diagnosis)
    expected = {}
    for event in script.events:
        gain_db = plan.of(event.id).gain_db
        stems[event.id] *= np.float32(db_to_gain(gain_db))
        loudness = diagnosis.of(event.id).integrated_lufs
        assert loudness is not None
        expected[event.id] = Expectation(
            loudness_lufs=loudness + gain_db,
            rt60_s=expected_rt60(event, script.space),
            foreground=event.layer is FRONT,
        )
    return Mix(script, stems, expected, {})


def levelled(mix: Mix, diagnosis: Diagnosis) -> Mix:
    """Every track at its planned loudness, and nothing else."""
    faders = dict(mix.faders_db)
    for track in diagnosis.tracks:
        if track.integrated_lufs is not None:
            wanted = mix.expected[track.event_id].loudness_lufs
            faders[track.event_id] = wanted - track.integrated_lufs
    return mix._replace(faders_db=faders)


def mended(mix: Mix, folder: Path, knowledge: Knowledge) -> Mix:
    """What the mixing agents make of it: the way of the graph, from diagnosis to stems."""
    script = mix.script
    planner = RulesMixPlanner(knowledge, TARGET)
    plan = planner.plan(script, measure(mix._replace(faders_db={}), folder))
    faders = {track.event_id: track.gain_db for track in plan.tracks}
    diagnosis = measure(mix._replace(faders_db=faders), folder)
    specialists = (RulesReverb(), RulesEq(knowledge), RulesDynamics())
    proposals: tuple[SpecialistProposal, ...] = ()
    for _ in range(2):
        proposals = tuple(
            one.propose(
                script,
                diagnosis,
                plan,
                tuple(peer for peer in proposals if peer.operation is not one.operation),
            )
            for one in specialists
        )
    plan = reconcile(plan, proposals)
    first = _processed(mix, plan, folder)
    after = measure(first, folder)
    wanted, _ = RulesCritic().review(script, plan, diagnosis, after)
    if wanted == plan:
        return first
    second = _processed(mix, wanted, folder)
    meant = Mixed(plan.on_takes(), diagnosis)
    was = faults(script, Mixed(plan, after), meant)
    now = faults(script, Mixed(wanted, measure(second, folder)), meant)
    return second if now.as_good_as(was) else first


def _processed(mix: Mix, plan: MixPlan, folder: Path) -> Mix:
    """Stems after the plan, backgrounds ducking under the processed foreground."""
    script, stems = mix.script, dict(mix.stems)
    front = [event.id for event in script.foreground]
    for event_id in front:
        stems[event_id] = process(stems[event_id], plan.of(event_id))
    files = write(mix._replace(stems={event_id: stems[event_id] for event_id in front}), folder)
    under = mixdown(
        [(files[event_id], plan.of(event_id).gain_db) for event_id in front],
        script.clip.sample_count,
    )
    loudness = np.abs(under).max(axis=0)
    for event in script.events:
        if event.layer is BACK:
            stems[event.id] = process(stems[event.id], plan.of(event.id), loudness)
    gains = {track.event_id: track.gain_db for track in plan.tracks}
    return mix._replace(stems=stems, faders_db=gains)


class Tally:
    """Counts of what came out, by planted fault."""

    def __init__(self) -> None:
        self.named: dict[Planted, list[bool]] = defaultdict(list)
        self.alone: dict[Planted, list[bool]] = defaultdict(list)
        self.gone: dict[tuple[Planted, str], list[bool]] = defaultdict(list)
        self.new: dict[tuple[Planted, str], list[bool]] = defaultdict(list)
        self.worse: dict[tuple[Planted, str], list[bool]] = defaultdict(list)
        self.which: list[str] = []
        """What got worse in the mended mixes, in words."""
        self.masked: dict[str, list[float]] = defaultdict(list)
        self.clean: list[bool] = []


def masked_of_front(mix: Mix, diagnosis: Diagnosis) -> float:
    """Mean of the worst masked share of each foreground track."""
    front = [event.id for event in mix.script.foreground]
    return float(np.mean([max(diagnosis.masking[name].values()) for name in front]))


def measures(mix: Mix, diagnosis: Diagnosis) -> dict[tuple[MixFaultKind, str], float]:
    """What each fault is determined by, of every track, as a share of its limit."""
    off = {
        track.event_id: track.integrated_lufs
        + mix.faders_db.get(track.event_id, 0.0)
        - mix.expected[track.event_id].loudness_lufs
        for track in diagnosis.tracks
        if track.integrated_lufs is not None
    }
    middle = median(off.values())
    shares = {}
    for track in diagnosis.tracks:
        name, wanted = track.event_id, mix.expected[track.event_id]
        level = off.get(name, 0.0) - middle
        shares[MixFaultKind.TOO_LOUD, name] = max(level, 0.0) / LEVEL_LU
        shares[MixFaultKind.TOO_QUIET, name] = max(-level, 0.0) / LEVEL_LU
        shares[MixFaultKind.DC_OFFSET, name] = abs(track.dc_offset) / DC_OFFSET
        shares[MixFaultKind.CLIPPED, name] = track.clipped_samples / CLIPPED_SAMPLES
        if wanted.rt60_s is not None:
            more = max((track.rt60_s or 0.0) - wanted.rt60_s, 0.0)
            span = longest_rt60(wanted.rt60_s) - wanted.rt60_s
            shares[MixFaultKind.TOO_REVERBERANT, name] = track.rt60_confidence * more / span
        if wanted.foreground:
            hides = max(diagnosis.masking[name].values())
            shares[MixFaultKind.MASKED, name] = hides / MASKED_SHARE
    return shares


def got_worse(
    before: dict[tuple[MixFaultKind, str], float], after: dict[tuple[MixFaultKind, str], float]
) -> list[str]:
    """The measures that rose by more than 10 %, in words."""
    return [
        f"{kind} of {name}: {before[kind, name]:.2f} -> {share:.2f}"
        for (kind, name), share in after.items()
        if share > before[kind, name] + 0.1 * max(1.0, before[kind, name])
    ]


def judge(
    fault: Planted,
    mix: Mix,
    victim: str,
    tally: Tally,
    way: str,
    folder: Path,
    before: dict[tuple[MixFaultKind, str], float],
) -> None:
    """Count whether the fault is gone from a mix that was worked on, and what is worse."""
    diagnosis = measure(mix, folder)
    found = find_faults(diagnosis, mix.expected)
    worse = got_worse(before, measures(mix, diagnosis))
    tally.worse[fault, way].append(bool(worse))
    if way == "mended":
        tally.which += [f"{mix.script.clip.name}, {fault.value}: {one}" for one in worse]
    tally.gone[fault, way].append(not any(is_planted(fault, victim, one) for one in found))
    tally.new[fault, way].append(any(not is_planted(fault, victim, one) for one in found))
    if fault is Planted.MASKER:
        tally.masked[way].append(masked_of_front(mix, diagnosis))


def cases(seeds: int) -> Iterator[tuple[str, int]]:
    """Scenes and seeds."""
    for name in SCENES:
        for seed in range(seeds):
            yield name, seed


def run(seeds: int, seconds: float, folder: Path) -> Tally:
    """All scenes with all faults."""
    knowledge, tally = knowledge_base.load(), Tally()
    for name, seed in cases(seeds):
        clean = balanced(name, seed, seconds, knowledge, folder)
        as_meant = measure(clean, folder)
        before = find_faults(as_meant, clean.expected)
        tally.clean.append(not before)
        known = {(one.kind, one.event_id) for one in before}
        usual = measures(clean, as_meant)
        for fault in Planted:
            if fault is Planted.REVERB and name != REVERB_SCENE:
                continue
            mix, victim = plant(fault, clean, seed)
            diagnosis = measure(mix, folder)
            found = find_faults(diagnosis, mix.expected)
            new = tuple(one for one in found if (one.kind, one.event_id) not in known)
            named, alone = named_rightly(fault, victim, new)
            tally.named[fault].append(named)
            tally.alone[fault].append(alone)
            planned = mix._replace(expected=clean.expected)
            shown = measures(planned, diagnosis)
            least = {key: max(share, usual.get(key, 0.0)) for key, share in shown.items()}
            judge(fault, mix, victim, tally, "as it is", folder, measures(mix, diagnosis))
            for way, worked in (
                ("levelled", levelled(planned, diagnosis)),
                ("mended", mended(planned, folder, knowledge)),
            ):
                judge(fault, worked, victim, tally, way, folder, least)
    return tally


def table(tally: Tally) -> Iterator[str]:
    """Both tables as text."""

    def share(values: list[bool]) -> str:
        return f"{sum(values)}/{len(values)}"

    yield f"scenes without a fault in which none is found: {share(tally.clean)}"
    yield f"\n{'planted':22}{'named':>8}{'alone':>8}"
    for fault in Planted:
        yield f"{fault.value:22}{share(tally.named[fault]):>8}{share(tally.alone[fault]):>8}"
    every = [value for values in tally.alone.values() for value in values]
    yield f"{'all':22}{'':8}{share(every):>8}"
    ways = ("as it is", "levelled", "mended")
    yield f"\n{'gone / new / worse':22}" + "".join(f"{way:>18}" for way in ways)
    for fault in Planted:
        row = [
            f"{share(tally.gone[fault, w])} / {sum(tally.new[fault, w])} / "
            f"{sum(tally.worse[fault, w])}"
            for w in ways
        ]
        yield f"{fault.value:22}" + "".join(f"{cell:>18}" for cell in row)
    means = [f"{np.mean(tally.masked[way]):.2f}" for way in ways]
    yield f"{'masked share':22}" + "".join(f"{mean:>18}" for mean in means)
    yield ""
    yield from tally.which


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--seeds", type=int, default=2)
    options.add_argument("--seconds", type=float, default=6.0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for line in table(run(given.seeds, given.seconds, Path(folder))):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
