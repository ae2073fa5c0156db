"""Monotone alignment: shots to texts in order, by dynamic programming, at a price for exceptions.

A hidden Markov model whose states are the texts, each told or followed by shots that no text tells.
What a shot shows speaks for each text (evidence), a likely change of place for a step to the next
text, and order for the rest. The best path is Viterbi's; confidence is the path's marginal
probability by the forward-backward algorithm (Rabiner 1989, sections III.A and III.B).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]


MOST_MOVED = 16
"""Texts up to which moved ones are looked for; the search takes their number to the fourth."""
LEAST_SHARE = 1e-3
"""Share of the probability from which another order of the texts has a say."""
LEAST_SHIFT = -1.0
"""How far a script of many scenes makes a cut inside a place less of one, log odds."""


@dataclass(frozen=True)
class Prices:
    """Log odds that exceptions to the order cost.

    Chosen on the joined films that are looked at (benchmarks/scenes/scenes_film.py); half or twice
    as much changes two shots of a hundred.
    """

    skip: float = 1.5
    """A text that no shot shows: raising it spreads the texts over all shots."""
    jump: float = 4.0
    """A leap to any other text: raising it holds to the script's order."""
    move: float = 3.0
    """A text that is told at another place than the script's: raising it holds to the order."""
    untold: float = 2.5
    """A stretch that no text describes: raising it gives every shot a text."""
    untold_shot: float = 0.8
    """Each shot of such a stretch."""
    place: float = 5.0
    """A shot as far from where its text stands in the script as the film is long."""


REEL = Prices(move=8.0, jump=8.0)
"""Of a reel with the film's own screenplay: trailers and excerpts change the order, a finished film
seldom does."""


class Aligned(NamedTuple):
    """Where the shots belong."""

    text: NDArray[np.int64]
    """``[shots]``: number of the text, -1 if none describes the shot."""
    confidence: Floats
    """``[shots]``: probability of that, 0..1."""


def align(
    evidence: Floats,
    stays: Floats,
    places: Floats,
    lengths: Floats,
    prices: Prices,
) -> Aligned:
    """Give each shot the text that describes it.

    The script's order holds, but for texts that are moved as a whole, each at a price: of all moves
    the one that explains the shots best is made, and so on while one is worth its price.

    Args:
        evidence: ``[shots, texts]``, log likelihood of what each shot shows under each text.
        stays: ``[shots]``, log odds that a shot belongs to the text of the shot before it.
        places: ``[shots]``, middle of each shot, 0 the film's start to 1 its end.
        lengths: ``[texts]``, how much each text says, in any unit.
        prices: of exceptions.
    """

    def model(order: tuple[int, ...]) -> _Model:
        own = list(order)
        return _model(evidence[:, own], stays, places, lengths[own], prices)

    order = tuple(range(evidence.shape[1]))
    moves = {order: 0}
    best = _viterbi(model(order))
    for _ in range(len(order) // 4 if len(order) <= MOST_MOVED else 0):
        moved = {other: _viterbi(model(other)) for other in _moved(order)}
        moves |= {other: moves[order] + 1 for other in moved if other not in moves}
        better = max(moved, key=lambda other: moved[other].score)
        if moved[better].score - prices.move <= best.score:
            break
        order, best = better, moved[better]
    path, texts = best.path, len(order)
    at = np.where((path % 2 == 0) & (path < 2 * texts), path // 2, -1)
    found = np.where(at >= 0, np.array(order)[at], -1)
    chance = _over_orders({one: model(one) for one in moves}, moves, prices.move)
    return Aligned(found, chance[np.arange(len(found)), found])


def _over_orders(
    models: Mapping[tuple[int, ...], "_Model"], moves: Mapping[tuple[int, ...], int], price: float
) -> Floats:
    """Probability of each text, and in the last column of none, at each shot, over all orders.

    An order counts by how well all its paths explain the film, at the price of its moves: where two
    orders explain it alike, neither is sure.
    """
    total = {one: _explains(model) - price * moves[one] for one, model in models.items()}
    whole = np.logaddexp.reduce(list(total.values()))
    shares = {one: math.exp(score - whole) for one, score in total.items()}
    sure = [one for one, share in shares.items() if share >= LEAST_SHARE]
    texts = len(sure[0])
    found = np.zeros((len(models[sure[0]].emission), texts + 1))
    for one in sure:
        chance = _marginals(models[one])
        share = shares[one] / sum(shares[other] for other in sure)
        found[:, list(one)] += share * chance[:, 0 : 2 * texts : 2]
        found[:, -1] += share * (chance[:, 1::2].sum(1) + chance[:, -1])
    return found


def _moved(order: tuple[int, ...]) -> set[tuple[int, ...]]:
    """The order with any one text moved to any other place."""
    found = set()
    for place, text in enumerate(order):
        rest = order[:place] + order[place + 1 :]
        found |= {(*rest[:k], text, *rest[k:]) for k in range(len(order))}
    return found - {order}


class _Model(NamedTuple):
    """The hidden Markov model of one order of the texts, in log weights.

    State 2j: text j is told; 2j + 1: after it, nothing is. The last state: before all texts.
    """

    emission: Floats
    first: Floats
    last: Floats
    moves: list[Floats]


def _model(
    evidence: Floats, stays: Floats, places: Floats, lengths: Floats, prices: Prices
) -> _Model:
    shots, texts = evidence.shape
    ends = np.cumsum(lengths) / lengths.sum()
    starts = ends - lengths / lengths.sum()
    away = np.maximum(0, np.maximum(starts - places[:, None], places[:, None] - ends))
    emission = np.full((shots, 2 * texts + 1), -prices.untold_shot)
    emission[:, 0 : 2 * texts : 2] = evidence - prices.place * away
    step = _steps(texts, prices)
    first = np.r_[np.repeat(_leap(np.arange(texts), prices), 2), -prices.untold]
    first[1 : 2 * texts : 2] = -np.inf
    last = np.r_[np.repeat(_leap(np.arange(texts)[::-1], prices), 2), -prices.jump]
    return _Model(emission, first, last, [_moves(step, float(stays[i])) for i in range(1, shots)])


def stays_of(continues: Sequence[float], texts: int) -> Floats:
    """Log odds that each shot belongs to the text of the one before it, ``[shots]``.

    The odds of looks, shifted so that as many changes are expected as there are texts: in a film of
    many cuts and few scenes a change of looks says little, in one of few cuts much.

    Args:
        continues: how surely each shot shows the place of the one before it, 0..1.
        texts: number of texts.
    """
    looks = np.clip(np.asarray(continues, np.float64), 0.01, 0.99)
    odds = np.log(looks / (1 - looks))
    if len(odds) < 2:
        return odds
    wanted = min(max(texts - 1, 0.5), len(odds) - 1.5)
    if wanted <= 0:
        return odds

    def surplus(shift: float) -> float:
        return float((1 / (1 + np.exp(odds[1:] + shift))).sum() - wanted)

    return np.asarray(odds + max(LEAST_SHIFT, scipy.optimize.brentq(surplus, -30.0, 30.0)))


def _leap(skipped: NDArray[np.int64], prices: Prices) -> Floats:
    """Log weight of leaving out so many texts on the way forward."""
    return np.asarray(-np.minimum(prices.skip * skipped, prices.jump), np.float64)


def _steps(texts: int, prices: Prices) -> Floats:
    """Log weight of each change of state, ``[from, to]``, beside that of changing at all."""
    order = np.arange(texts)
    ahead = order[None, :] - order[:, None]
    forward = np.where(ahead > 0, _leap(ahead - 1, prices), -prices.jump)
    states = 2 * texts + 1
    step = np.full((states, states), -np.inf)
    for after in (0, 1):
        step[after : 2 * texts : 2, 0 : 2 * texts : 2] = forward
    step[np.arange(0, 2 * texts, 2), np.arange(1, 2 * texts, 2)] = -prices.untold
    step[np.arange(1, 2 * texts, 2), np.arange(0, 2 * texts, 2)] = -prices.jump
    step[-1, 0 : 2 * texts : 2] = _leap(order, prices)
    return step


def _moves(step: Floats, stays: float) -> Floats:
    """Log weights of all moves between two shots."""
    move = step - np.logaddexp(0, stays)
    np.fill_diagonal(move, -np.logaddexp(0, -stays))
    return np.asarray(move)


class _Path(NamedTuple):
    """The likeliest states, and the log weight of their path."""

    path: NDArray[np.int64]
    score: float


def _viterbi(model: _Model) -> _Path:
    score = model.first + model.emission[0]
    back = []
    for row, move in zip(model.emission[1:], model.moves, strict=True):
        ways = score[:, None] + move
        back.append(ways.argmax(0))
        score = ways.max(0) + row
    ended = score + model.last
    path = [int(ended.argmax())]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return _Path(np.array(path[::-1]), float(ended.max()))


def _explains(model: _Model) -> float:
    """Log weight of all paths together."""
    score = model.first + model.emission[0]
    for row, move in zip(model.emission[1:], model.moves, strict=True):
        score = np.logaddexp.reduce(score[:, None] + move, axis=0) + row
    return float(np.logaddexp.reduce(score + model.last))


def _marginals(model: _Model) -> Floats:
    """Probability of each state at each shot, ``[shots, states]``."""
    forward = [model.first + model.emission[0]]
    for row, move in zip(model.emission[1:], model.moves, strict=True):
        forward.append(np.logaddexp.reduce(forward[-1][:, None] + move, axis=0) + row)
    backward = [model.last]
    for row, move in zip(model.emission[:0:-1], reversed(model.moves), strict=True):
        backward.append(np.logaddexp.reduce(move + (row + backward[-1])[None, :], axis=1))
    total = np.array(forward) + np.array(backward[::-1])
    return np.asarray(np.exp(total - np.logaddexp.reduce(total, axis=1, keepdims=True)))
