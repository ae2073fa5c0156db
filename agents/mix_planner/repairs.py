"""What a take brought along that has no place in the scene, and which operation mends it."""

from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.dsp.repair.faults import MixFault, MixFaultKind, own_faults

MENDED_BY = {
    MixFaultKind.TOO_REVERBERANT: Operation.REVERB,
    MixFaultKind.DC_OFFSET: Operation.EQ,
    MixFaultKind.CLIPPED: Operation.DYNAMICS,
}


def expected_rt60(event: SoundEvent, space: Space) -> float | None:
    """Reverberation time of a take in a space, s; None for what rings by itself or is around."""
    if event.source.kind is SourceKind.AROUND or not event.impulsive:
        return None
    return None if event.sound.rings else ACOUSTICS[space].rt60_s


def repairs(event: SoundEvent, features: TrackFeatures, space: Space) -> dict[Operation, str]:
    """Operations that a take's own faults call for, with the fault in words."""
    return {
        MENDED_BY[fault.kind]: _told(fault, space)
        for fault in own_faults(features, expected_rt60(event, space))
    }


def own_faults_of(script: FoleyScript, diagnosis: Diagnosis) -> tuple[MixFault, ...]:
    """Faults of all tracks by themselves, in the order of the script."""
    return tuple(
        fault
        for event in script.events
        for fault in own_faults(
            diagnosis.of(event.id), expected_rt60(event, script.space_of(event))
        )
    )


def _told(fault: MixFault, space: Space) -> str:
    match fault.kind:
        case MixFaultKind.TOO_REVERBERANT:
            return f"rings {fault.measured:.2f} s, the scene {ACOUSTICS[space].rt60_s:.2f} s"
        case MixFaultKind.DC_OFFSET:
            return f"DC offset {fault.measured:+.4f}"
        case _:
            return f"clipped, {fault.measured:.0f} samples in flat tops"
