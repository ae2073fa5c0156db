"""Fréchet distance between two sets of embeddings."""

import numpy as np
from numpy.typing import NDArray


def frechet_distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """|μ1 - μ2|² + tr(Σ1 + Σ2 - 2 (Σ1 Σ2)^½) of the Gaussians that fit two sets.

    Dowson & Landau, Journal of Multivariate Analysis 12(3), 1982. The trace of the root is the
    nuclear norm of X1 X2ᵀ for centred sets X, so no covariance is built and sets smaller than
    their dimension need no offset; their covariances are rank-deficient all the same, and the
    distance then depends on the sets' sizes: compare only sets of equal size.

    Args:
        first: ``[n1, d]``, n1 ≥ 2.
        second: ``[n2, d]``, n2 ≥ 2.

    Raises:
        ValueError: shapes that don't fit.
    """
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1]:
        raise ValueError(f"got embeddings {first.shape} and {second.shape}")
    if min(len(first), len(second)) < 2:
        raise ValueError("a set needs two embeddings at least")
    means = [x.mean(axis=0) for x in (first, second)]
    centred = [
        (x - mean) / np.sqrt(len(x) - 1) for x, mean in zip((first, second), means, strict=True)
    ]
    spread = sum(float(np.sum(x**2)) for x in centred)
    root = float(np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False).sum())
    return max(0.0, float(np.sum((means[0] - means[1]) ** 2)) + spread - 2.0 * root)
