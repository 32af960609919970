"""How slumps grow: a law of slump and year."""

import numpy as np
from scipy.special import gammaincinv

from entropice.errors import ConfigError
from entropice.types import FloatArray, IntArray
from entropice.virtual_scenes.hashing import stream, uniform
from entropice.virtual_scenes.specification import Growth


def growth_factor(slump_id: IntArray, area_m2: FloatArray, year: int, growth: Growth, seed: int) -> FloatArray:
    """Area in a year over that in the reference year, shape (n,).

    Parameters
    ----------
    slump_id, area_m2
        Shape (n,); areas in the reference year.
    growth
        Its `retreat_shape` and `retreat_scale_m` are those of v, its `reference_year` is t₀.
    seed
        Of the world; v is a function of it and of the slump's number.

    Raises
    ------
    ConfigError
        A year so early that a slump might not have begun.

    Notes
    -----
    The headwall retreats by v metres a year over a constant width, so area grows along a straight line: A(t) = A₀ (1 +
    v (t − t₀) / √A₀), with √A₀ the slump's length. v is inverse gamma, as rates of growth are (Bernhard et al. 2022,
    doi:10.5194/tc-16-1-2022), and at most `largest_share` of the length: scale / P⁻¹(shape, 1 − u), P the regularised
    lower incomplete gamma function and u `uniform` of the key `stream` (seed, ``"headwall retreat"``) at the slump's
    number and 0.

    Examples
    --------
    >>> growth = Growth(reference_year=2020, retreat_shape=3.0, retreat_scale_m=1000.0, largest_share=0.2)
    >>> [growth_factor(np.array([1]), np.array([400.0]), year, growth, seed=1).tolist() for year in (2020, 2022)]
    [[1.0], [1.4]]
    """
    elapsed_years = year - growth.reference_year
    if 1 + growth.largest_share * elapsed_years <= 0:
        raise ConfigError(
            "The law of growth does not reach back to this year.",
            field="growth",
            got=f"{year}, {-elapsed_years} years before reference_year",
            expected=f"less than {1 / growth.largest_share:.3g} years before it",
            fix="name an earlier reference_year, or a smaller largest_share",
        )
    return 1 + elapsed_years * _yearly_share(slump_id, area_m2, growth, seed)


def growth_m2_per_year(slump_id: IntArray, area_m2: FloatArray, growth: Growth, seed: int) -> FloatArray:
    """True growth (m² a year) of each slump, the same in all years; areas are those of the reference year, shape (n,).

    v √A₀ by the law of `growth_factor`, at most `largest_share` · A₀.

    Examples
    --------
    >>> growth = Growth(reference_year=2020, retreat_shape=3.0, retreat_scale_m=1000.0, largest_share=0.2)
    >>> growth_m2_per_year(np.array([1]), np.array([400.0]), growth, seed=1).tolist()
    [80.0]
    """
    return area_m2 * _yearly_share(slump_id, area_m2, growth, seed)


def _yearly_share(slump_id: IntArray, area_m2: FloatArray, growth: Growth, seed: int) -> FloatArray:
    chance = uniform(stream(seed, "headwall retreat"), slump_id, np.zeros_like(slump_id))
    # The inverse of the distribution, not a draw: a slump keeps its number whichever slumps it is asked with.
    retreat_m = growth.retreat_scale_m / gammaincinv(growth.retreat_shape, 1 - chance)
    share: FloatArray = np.minimum(retreat_m / np.sqrt(area_m2), growth.largest_share)
    return share


def age_years(slump_id: IntArray, area_m2: FloatArray, year: int, growth: Growth, seed: int) -> FloatArray:
    """How long each slump has grown by its law until a year; areas are those of the reference year, shape (n,).

    The law's line reaches an area of 0 at that time before: t − t₀ + √A₀ / v, with v as in `growth_factor`; negative in
    a year before that.
    """
    age: FloatArray = year - growth.reference_year + 1 / _yearly_share(slump_id, area_m2, growth, seed)
    return age
