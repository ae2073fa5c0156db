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
    _comparable(first, second)
    means = [x.mean(axis=0) for x in (first, second)]
    centred = [
        (x - mean) / np.sqrt(len(x) - 1) for x, mean in zip((first, second), means, strict=True)
    ]
    spread = sum(float(np.sum(x**2)) for x in centred)
    root = float(np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False).sum())
    return max(0.0, float(np.sum((means[0] - means[1]) ** 2)) + spread - 2.0 * root)


def _comparable(first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    """Raise ValueError unless two sets of vectors can be compared."""
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1]:
        raise ValueError(f"got embeddings {first.shape} and {second.shape}")
    if min(len(first), len(second)) < 2:
        raise ValueError("a set needs two embeddings at least")


def shrunk_frechet_distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """`frechet_distance` with covariances that are shrunk towards a multiple of the identity.

    Ledoit & Wolf, A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices, Journal
    of Multivariate Analysis 88(2), 2004: how far follows from the set alone. Sets of few clips and
    of different sizes then compare better; both sets' covariances have full rank.

    Args:
        first: ``[n1, d]``, n1 ≥ 2.
        second: ``[n2, d]``, n2 ≥ 2.

    Raises:
        ValueError: shapes that don't fit.
    """
    _comparable(first, second)
    means = [x.mean(axis=0) for x in (first, second)]
    centred = [x - mean for x, mean in zip((first, second), means, strict=True)]
    basis = np.linalg.qr(np.concatenate(centred).T)[0]  # outside it both are multiples of identity
    d, inside = first.shape[1], basis.shape[1]
    covariances, rests = [], []
    for x in centred:
        share, mean_variance = _shrinkage(x)
        seen = x @ basis
        own = (1.0 - share) * seen.T @ seen / len(x) + share * mean_variance * np.eye(inside)
        covariances.append(own)
        rests.append(share * mean_variance)
    values, vectors = np.linalg.eigh(covariances[0])
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    product = np.linalg.eigvalsh(root @ covariances[1] @ root)
    trace = sum(float(np.trace(each)) for each in covariances)
    trace -= 2.0 * float(np.sqrt(np.maximum(product, 0.0)).sum())
    trace += (d - inside) * (np.sqrt(rests[0]) - np.sqrt(rests[1])) ** 2
    return max(0.0, float(np.sum((means[0] - means[1]) ** 2)) + float(trace))


def _shrinkage(centred: NDArray[np.float64]) -> tuple[float, float]:
    """Share of the identity in Ledoit and Wolf's estimate, and the mean variance, of ``[n, d]``."""
    n, d = centred.shape
    gram = centred @ centred.T
    mean_variance = float(np.trace(gram)) / n / d
    norm = float(np.sum(gram**2)) / n**2
    off = norm / d - mean_variance**2
    if off <= 0.0:
        return 1.0, mean_variance
    fourth = float(np.sum(np.diag(gram) ** 2)) / n - norm
    return min(max(fourth / n / d, 0.0) / off, 1.0), mean_variance
