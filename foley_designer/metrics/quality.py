"""Quality of sets of sounds: FAD, KL and IS over any embedding or classifier.

Definitions after hkchengrex/av-benchmark and haoheliu/audioldm_eval: the Fréchet distance of all
frames' embeddings; KL(reference ‖ generated) of softmaxed logits, clip by clip; the inception score
as the mean over ten splits.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from foley_designer.metrics.frechet import frechet_distance

Array = NDArray[np.float64]

SPLITS = 10
_TINY = 1e-6


def fad(reference: Sequence[Array], generated: Sequence[Array]) -> float:
    """Fréchet audio distance (Kilgour et al., Interspeech 2019).

    Args:
        reference: embeddings ``[frames, d]`` of each clip.
        generated: as ``reference``.
    """
    return frechet_distance(np.concatenate(reference), np.concatenate(generated))


def kl_divergence(reference: Array, generated: Array) -> float:
    """Mean KL(reference ‖ generated) over pairs of clips, nats.

    Args:
        reference: ``[clips, classes]`` logits.
        generated: of the same clips in the same order.

    Raises:
        ValueError: shapes that differ.
    """
    if reference.shape != generated.shape:
        raise ValueError(f"got logits {reference.shape} and {generated.shape}")
    # As in av-benchmark, probabilities are kept above 1e-6.
    p, q = (np.exp(log_softmax(x, axis=1)) + _TINY for x in (reference, generated))
    return float(np.mean(np.sum(p * np.log(p / q), axis=1)))


def inception_score(logits: Array, splits: int = SPLITS, seed: int = 2020) -> tuple[float, float]:
    """Mean and deviation over splits of exp of the mean KL of each clip to its split's mean.

    Salimans et al., NIPS 2016.

    Args:
        logits: ``[clips, classes]``, as many clips as splits at least.
        splits: parts of the shuffled set.
        seed: of the shuffling.
    """
    if len(logits) < splits:
        raise ValueError(f"{len(logits)} clips can't be split in {splits}")
    order = np.random.RandomState(seed).permutation(len(logits))
    logs = log_softmax(logits[order], axis=1)
    scores = []
    for part in range(splits):
        log_p = logs[part * len(logs) // splits : (part + 1) * len(logs) // splits]
        p = np.exp(log_p)
        mean = p.mean(axis=0)
        scores.append(np.exp(np.mean(np.sum(p * (log_p - np.log(mean + 1e-30)), axis=1))))
    return float(np.mean(scores)), float(np.std(scores))
