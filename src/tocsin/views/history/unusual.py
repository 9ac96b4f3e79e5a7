"""
A model of counts that vary more than chance alone would have them: the negative binomial distribution.

In the form NB2 of Cameron and Trivedi (Regression Analysis of Count Data, 2nd ed. 2013, section 3.3): variance
mean + alpha * mean squared. The estimate of the mean is the sample's; alpha is found by maximising the likelihood.
"""

from math import inf

import msgspec
import numpy as np
import numpy.typing as npt


class Fit(msgspec.Struct, frozen=True):
    """
    A fitted distribution.

    Attributes:
        name: `negative binomial` or `poisson`.
        alpha: Dispersion; 0 for Poisson.
        log_likelihood: Of the sample.
        poisson_log_likelihood: The same without dispersion: how much better the model fits.
        zeros, zeros_expected: Nights without a launch, and how many the model expects: a look at how well it fits.
    """

    name: str
    mean: float
    alpha: float
    log_likelihood: float
    poisson_log_likelihood: float
    zeros: int
    zeros_expected: float

    def tail(self, count: int) -> float:
        """The probability of as many or more."""
        from scipy import special

        if count <= 0:
            return 1.0
        if self.alpha == 0:
            return float(special.gammainc(count, self.mean))
        size = 1 / self.alpha
        # P(N >= n) of NB(r, p) is the regularised incomplete beta function I(1-p; n, r).
        return float(special.betainc(count, size, self.mean / (self.mean + size)))


def fit(counts: npt.NDArray[np.int_]) -> Fit | None:
    """The distribution that makes these counts most likely; None if all are zero: they tell of no scale."""
    from scipy.optimize import minimize_scalar

    mean, variance = float(counts.mean()), float(counts.var())
    if mean == 0:
        return None
    values, times = np.unique(counts, return_counts=True)
    poisson = _log_likelihood(0.0, mean, values, times)
    zeros = int((counts == 0).sum())
    if variance <= mean:
        return Fit("poisson", mean, 0.0, poisson, poisson, zeros, len(counts) * float(np.exp(-mean)))
    found = minimize_scalar(
        lambda log_alpha: -_log_likelihood(float(np.exp(log_alpha)), mean, values, times),
        bounds=(-12.0, 8.0),
        method="bounded",
    )
    alpha = float(np.exp(found.x))
    expected = len(counts) * (1 + alpha * mean) ** (-1 / alpha)
    return Fit("negative binomial", mean, alpha, -float(found.fun), poisson, zeros, expected)


def _log_likelihood(alpha: float, mean: float, values: npt.NDArray[np.int_], times: npt.NDArray[np.int_]) -> float:
    from scipy.special import gammaln

    if alpha == 0:
        each = values * np.log(mean) - mean - gammaln(values + 1)
    else:
        size = 1 / alpha
        each = (
            gammaln(values + size)
            - gammaln(size)
            - gammaln(values + 1)
            + size * np.log(size / (size + mean))
            + values * np.log(mean / (size + mean))
        )
    total = float((times * each).sum())
    return total if np.isfinite(total) else -inf
