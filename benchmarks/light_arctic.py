"""A virtual Arctic made on cells directly: a world in a fraction of a second, its truth and exact limit in every cell.

The pipelines' virtual Arctic goes through the files of real sources and takes minutes; this one serves studies that
need a hundred worlds. Cells are squares of a lattice in EPSG:6931. The count of slumps found in a cell of observed
land area A is Poisson, with mean

    A / A₀ · (d · exp(η) + φ · s),    η = b + f(terrain, climate) + (β + γ · rain) · ice + u + ε

where d is the detection probability, φ · s false positives on slopes, ice a latent field that embeddings show
weakly, u a spatial effect that nothing shows and ε noise without neighbours. Given a cell's features η is Gaussian:
the ice by its linear-Gaussian posterior, u and ε by their variances. So the probability of every class given the
features is a one-dimensional Gauss–Hermite quadrature over Poisson probabilities: the attainable limit of models that
see a cell's own features alone. Knowing η itself gives the oracle, a bound for models that also see neighbours.

Imaging is clustered in scenes that follow relief and an interest of its own, so labels are missing at random given the
features; ``imaging="unseen"`` makes it follow u instead, and breaks every estimate. ``response="thresholds"`` is a
second law of the slumps, against tuning to the first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.optimize import brentq
from scipy.special import ndtr, pdtr
from sklearn.metrics import roc_auc_score

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS
from entropice.learning.classes import DensityClasses
from entropice.learning.exposure import EXPOSURE, log_land_area
from entropice.learning.samples import Samples
from entropice.types import BoolArray, FloatArray, IntArray
from entropice.virtual_arctic.fields import power_law_field, rank_gaussian
from entropice.virtual_arctic.randomness import generator

YEAR: Final = 2022
TERRAIN, CLIMATE, EMBEDDINGS, NUISANCE = "terrain", "climate", "embeddings", "nuisance"

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class LightSpecification:
    """What a world is made from.

    Attributes
    ----------
    seed
        Of everything random.
    n_side, cell_m
        Cells along an edge of the square, and their width.
    land_share
        Of the square's cells.
    imaged_share
        Of the land's cells that the campaign has seen.
    prevalence
        Mean chance over the land of any slump at full land area.
    block_m
        Width of the blocks that folds keep whole.
    scene_cells
        Cells along an edge of a scene.
    interest_cells
        Length over which the campaign's interest changes; longer leaves larger regions unseen.
    unknown_embeddings_share
        Share of the land, at the edge farthest up, without embeddings.
    unseen_sd, unseen_cells
        Standard deviation of u, and the length beyond which it has no memory.
    imaging
        What scenes follow: ``features``, or ``unseen`` for labels that are not missing at random.
    response
        How slumps respond to drivers: ``smooth``, or ``thresholds``.
    """

    seed: int
    n_side: int = 80
    cell_m: float = 40_000.0
    land_share: float = 0.6
    imaged_share: float = 0.35
    prevalence: float = 0.15
    block_m: float = 300_000.0
    scene_cells: int = 5
    interest_cells: float = 20.0
    unknown_embeddings_share: float = 0.1
    unseen_sd: float = 0.9
    unseen_cells: float = 4.0
    imaging: Literal["features", "unseen"] = "features"
    response: Literal["smooth", "thresholds"] = "smooth"


DRIVER_SD: Final = 1.5
ICE_EFFECT, ICE_WITH_RAIN = 1.1, 0.3
NOISE_SD: Final = 0.4
DETECTION_PROBABILITY: Final = 0.75
FALSE_POSITIVE_RATE: Final = 0.005
RTS_AREA_M2: Final = 20_000.0
N_LATENTS, N_EMBEDDINGS = 8, 40
ICE_VISIBILITY: Final = 0.35
EMBEDDING_NOISE_SD: Final = 1.5
GROUND_SD: Final = 0.5


@dataclass(frozen=True)
class Beliefs:
    """What someone knows of the log rate η of each cell (n,): a Gaussian."""

    mean: FloatArray
    variance: FloatArray


@dataclass(frozen=True)
class LightArctic:
    """One world; all arrays are by land cell.

    Attributes
    ----------
    specification
        What it was made from.
    coordinates_m
        (n, 2) in EPSG:6931.
    features
        (n, n_feature) without the exposure; NaN is unknown.
    groups
        Feature group by feature name.
    land_area_m2, observed_fraction
        (n,); the fraction is 0 where no image was taken.
    log_rate, unseen
        (n,) η and u.
    limit, limit_of_full_features
        What the features tell of η: those that are known, and all of them.
    false_positives
        (n,) expected number in a cell of the mean land area.
    counts, observed_counts
        (n,) slumps that images of the whole cell would show, and those that the campaign's images show.
    """

    specification: LightSpecification
    coordinates_m: FloatArray
    features: pd.DataFrame
    groups: Mapping[str, str]
    land_area_m2: FloatArray
    observed_fraction: FloatArray
    log_rate: FloatArray
    unseen: FloatArray
    limit: Beliefs
    limit_of_full_features: Beliefs
    false_positives: FloatArray
    counts: IntArray
    observed_counts: IntArray

    @property
    def is_imaged(self) -> BoolArray:
        """Whether a cell has a label."""
        return self.observed_fraction > 0

    @property
    def oracle(self) -> Beliefs:
        """The log rate itself."""
        return Beliefs(self.log_rate, np.zeros_like(self.log_rate))

    @cached_property
    def cells(self) -> pd.DataFrame:
        """``cell_id lon_deg lat_deg`` of every land cell."""
        to_lon_lat = Transformer.from_crs(EQUAL_AREA_CRS, LON_LAT_CRS, always_xy=True)
        lon_deg, lat_deg = to_lon_lat.transform(*self.coordinates_m.T)
        cell_id = np.arange(len(lon_deg), dtype=np.uint64)
        return pd.DataFrame({"cell_id": cell_id, "lon_deg": lon_deg, "lat_deg": lat_deg})

    @cached_property
    def blocks(self) -> pd.Series:
        """Block by ``cell_id``."""
        column, row = np.floor(self.coordinates_m / self.specification.block_m).astype(np.int64).T
        return pd.Series(((column - column.min()) * 1000 + row - row.min()).astype(np.uint64), self.cells["cell_id"])

    @cached_property
    def places(self) -> pd.DataFrame:
        """``block land_area_m2`` by ``cell_id``."""
        return pd.DataFrame({"block": self.blocks, "land_area_m2": self.land_area_m2})

    @cached_property
    def map_samples(self) -> Samples:
        """Every cell, at its full land area."""
        return self._samples(self.land_area_m2)

    @cached_property
    def training_samples(self) -> Samples:
        """The imaged cells, at their observed land area."""
        return self._samples(np.where(self.is_imaged, self.observed_land_area_m2, 1.0)).where(self.is_imaged)

    @property
    def observed_land_area_m2(self) -> FloatArray:
        """(n,); 0 where no image was taken."""
        return self.land_area_m2 * self.observed_fraction

    @cached_property
    def training_table(self) -> pd.DataFrame:
        """``cell_id year observed_land_area_m2 rts_count rts_area_fraction`` of the imaged cells."""
        counts, area_m2 = self.observed_counts[self.is_imaged], self.observed_land_area_m2[self.is_imaged]
        return pd.DataFrame(
            {
                "cell_id": self.cells["cell_id"][self.is_imaged].to_numpy(),
                "year": YEAR,
                "observed_land_area_m2": area_m2,
                "rts_count": counts,
                "rts_area_fraction": counts * RTS_AREA_M2 / area_m2,
            }
        )

    @property
    def area_fraction(self) -> FloatArray:
        """What images of the whole cell would show (n,): the truth that a map speaks of."""
        return self.counts * RTS_AREA_M2 / self.land_area_m2

    def chance_of_any(self, beliefs: Beliefs, land_area_m2: FloatArray | None = None) -> FloatArray:
        """P(any slump) (n,) in images of some land area (n,), the full one by default."""
        return 1 - self._cumulative(beliefs, np.zeros(len(self.counts)), self._area(land_area_m2))

    def class_probabilities(
        self, beliefs: Beliefs, classes: DensityClasses, land_area_m2: FloatArray | None = None
    ) -> FloatArray:
        """P(class) (n, n_class) under the edges of some classes, in images of some land area (n,)."""
        area_m2 = self._area(land_area_m2)
        below = [self._cumulative(beliefs, _largest_below(edge, area_m2), area_m2) for edge in classes.edges]
        none = self._cumulative(beliefs, np.zeros(len(area_m2)), area_m2)
        ends = np.column_stack([none, *below, np.ones(len(area_m2))])
        return np.diff(ends, axis=1, prepend=0)

    def _area(self, land_area_m2: FloatArray | None) -> FloatArray:
        return self.land_area_m2 if land_area_m2 is None else land_area_m2

    def _cumulative(self, beliefs: Beliefs, count: FloatArray, land_area_m2: FloatArray) -> FloatArray:
        """P(found ≤ count) (n,)."""
        expected = _expected_finds(beliefs, self.false_positives, land_area_m2 / self.land_area_m2.mean())
        probabilities: FloatArray = pdtr(count[:, None], expected) @ _WEIGHTS
        return probabilities

    def _samples(self, area_m2: FloatArray) -> Samples:
        seen = self.features.assign(**{EXPOSURE: log_land_area(area_m2, "land_area_m2")})
        return Samples(seen, self.coordinates_m, self.blocks.to_numpy(), self.groups)


def make_world(specification: LightSpecification) -> LightArctic:
    """Draw a world."""
    random = {topic: generator(specification.seed, f"light {topic}") for topic in ("land", "fields", "chance")}
    land, coordinates_m = _land(specification, random["land"])
    base = _Base.draw(specification, random["fields"], land, coordinates_m)
    land_area_m2 = specification.cell_m**2 * random["land"].uniform(0.3, 1.0, land.sum())
    is_unknown = coordinates_m[:, 1] > np.quantile(coordinates_m[:, 1], 1 - specification.unknown_embeddings_share)
    known = _known_log_rate(base, specification)
    unseen = _unseen(base, known, specification, random["fields"], land)
    relative = known + _ice_effect(base) * base.ice + unseen + NOISE_SD * random["chance"].standard_normal(land.sum())
    full = _limit(base, known, specification, np.zeros_like(is_unknown))
    false_positives = FALSE_POSITIVE_RATE * np.exp(np.minimum(base.terrain["log_slope"], 1.0))
    intercept = _intercept(full, false_positives, land_area_m2 / land_area_m2.mean(), specification.prevalence)
    observed_fraction = _observed_fraction(base, unseen, specification, random["chance"], land)
    expected = _expected_finds(
        Beliefs(intercept + relative, np.zeros_like(relative)), false_positives, land_area_m2 / land_area_m2.mean()
    )[:, 0]
    counts = random["chance"].poisson(expected)
    features, groups = _features(base, specification, random["fields"], land, is_unknown)
    return LightArctic(
        specification,
        coordinates_m,
        features,
        groups,
        land_area_m2,
        observed_fraction,
        intercept + relative,
        unseen,
        _shifted(_limit(base, known, specification, is_unknown), intercept),
        _shifted(full, intercept),
        false_positives,
        counts,
        random["chance"].binomial(counts, observed_fraction),
    )


@dataclass(frozen=True)
class _Base:
    """Fields on land (n,), Gaussian with mean 0 and variance 1 by rank: what features show and slumps respond to.

    Embeddings (n, n_embedding), before they are warped, show the latents (n, n_latent) by ``mixing``
    (n_embedding, n_latent) and noise of ``noise_sd``; the first latent is the ice.
    """

    terrain: dict[str, FloatArray]
    climate: dict[str, FloatArray]
    latents: FloatArray
    embeddings: FloatArray
    mixing: FloatArray
    noise_sd: float

    @property
    def ice(self) -> FloatArray:
        return self.latents[:, 0]

    @classmethod
    def draw(
        cls, specification: LightSpecification, random: np.random.Generator, land: BoolArray, coordinates_m: FloatArray
    ) -> "_Base":
        draw = _drawer(specification, random, land)
        north = coordinates_m[:, 1] / np.abs(coordinates_m[:, 1]).max()
        terrain = {
            "elevation": draw(3.5, 12),
            "log_slope": draw(2.5, 8),
            "northness": draw(1.5, 3),
            "position": draw(2.0, 3),
        }
        climate = {
            "summer_temperature": _gaussian(draw(4, 25) - 1.5 * north - 0.6 * terrain["elevation"]),
            "summer_warming": draw(4, 15),
            "summer_rain": draw(3.5, 12),
            "winter_temperature": _gaussian(draw(4, 25) - 1.5 * north),
        }
        latents = np.column_stack([draw(2.5, length) for length in np.linspace(4, 12, N_LATENTS)])
        mixing = random.normal(size=(N_EMBEDDINGS, N_LATENTS)) * np.array([ICE_VISIBILITY, *[1.0] * (N_LATENTS - 1)])
        noise = EMBEDDING_NOISE_SD * random.standard_normal((len(latents), N_EMBEDDINGS))
        return cls(terrain, climate, latents, latents @ mixing.T + noise, mixing, EMBEDDING_NOISE_SD)


def _land(specification: LightSpecification, random: np.random.Generator) -> tuple[BoolArray, FloatArray]:
    """Which squares are land (n_side, n_side), and the centres (n, 2) of those."""
    height = _cropped(specification, random, 3.5, 20)
    land = height > np.quantile(height, 1 - specification.land_share)
    row, column = np.nonzero(land)
    centres = (np.column_stack([column, row]) - specification.n_side / 2 + 0.5) * specification.cell_m
    return land, centres


def _cropped(
    specification: LightSpecification, random: np.random.Generator, exponent: float, longest_cells: float
) -> FloatArray:
    """Part of a field that is half as wide again, so that opposite edges are not neighbours."""
    n_side = specification.n_side
    whole = power_law_field(random, (n_side * 3 // 2, n_side * 3 // 2), exponent, longest_cells)
    return whole[:n_side, :n_side].astype(np.float64)


def _drawer(
    specification: LightSpecification, random: np.random.Generator, land: BoolArray
) -> Callable[[float, float], FloatArray]:
    return lambda exponent, longest_cells: _gaussian(_cropped(specification, random, exponent, longest_cells)[land])


def _gaussian(values: FloatArray) -> FloatArray:
    return rank_gaussian(values).astype(np.float64)


def _known_log_rate(base: _Base, specification: LightSpecification) -> FloatArray:
    """The part f of η that terrain and climate decide, of mean 0 and standard deviation `DRIVER_SD`."""
    effect = {"smooth": _smooth_effects, "thresholds": _threshold_effects}[specification.response](base)
    return DRIVER_SD * (effect - effect.mean()) / effect.std()


def _smooth_effects(base: _Base) -> FloatArray:
    terrain, climate = base.terrain, base.climate
    hump = np.exp(-((terrain["log_slope"] - 0.5) ** 2) / 2)
    return (
        2.5 * hump
        + 0.5 * terrain["northness"] * hump
        + 1.2 * np.tanh(climate["summer_temperature"])
        + 0.6 * np.tanh(climate["summer_warming"])
        + 0.5 * climate["summer_rain"]
    )


def _threshold_effects(base: _Base) -> FloatArray:
    terrain, climate = base.terrain, base.climate
    is_slope = np.abs(terrain["log_slope"] - 0.5) < 0.8
    return (
        1.6 * is_slope
        + 0.6 * (is_slope & (terrain["northness"] > 0))
        + 1.6 * (climate["summer_temperature"] > 0)
        + 0.8 * (climate["summer_warming"] > 0.5)
        + 0.8 * (climate["summer_rain"] > 0)
    )


def _ice_effect(base: _Base) -> FloatArray:
    return ICE_EFFECT + ICE_WITH_RAIN * base.climate["summer_rain"]


def _unseen(
    base: _Base, known: FloatArray, specification: LightSpecification, random: np.random.Generator, land: BoolArray
) -> FloatArray:
    """u with exactly the variance that the limit assumes, and without correlation to anything that it knows."""
    field = _drawer(specification, random, land)(3.0, specification.unseen_cells)
    seen = np.column_stack([np.ones(len(field)), known, base.latents, *base.terrain.values(), *base.climate.values()])
    residual = field - seen @ np.linalg.lstsq(seen, field, rcond=None)[0]
    return specification.unseen_sd * residual / residual.std()


def _limit(base: _Base, known: FloatArray, specification: LightSpecification, is_unknown: BoolArray) -> Beliefs:
    """The posterior of η up to the intercept, by the latents' covariance on this world's land."""
    covariance = np.cov(base.latents.T, bias=True)
    of_embeddings = base.mixing @ covariance @ base.mixing.T + base.noise_sd**2 * np.eye(len(base.mixing))
    gain = np.linalg.solve(of_embeddings, base.mixing @ covariance[:, 0])
    explained = covariance[0, 0] - gain @ base.mixing @ covariance[:, 0]
    ice = np.where(is_unknown, 0.0, base.embeddings @ gain)
    variance = np.where(is_unknown, covariance[0, 0], explained)
    rest = specification.unseen_sd**2 + NOISE_SD**2
    return Beliefs(known + _ice_effect(base) * ice, _ice_effect(base) ** 2 * variance + rest)


def _shifted(beliefs: Beliefs, intercept: float) -> Beliefs:
    return Beliefs(intercept + beliefs.mean, beliefs.variance)


def _intercept(beliefs: Beliefs, false_positives: FloatArray, exposure: FloatArray, prevalence: float) -> float:
    def excess(intercept: float) -> float:
        expected = _expected_finds(_shifted(beliefs, intercept), false_positives, exposure)
        return float((1 - np.exp(-expected) @ _WEIGHTS).mean()) - prevalence

    return float(brentq(excess, -20.0, 20.0))


def _expected_finds(beliefs: Beliefs, false_positives: FloatArray, exposure: FloatArray) -> FloatArray:
    """Poisson means (n, n_node) at the nodes of the quadrature; exposure is in mean land areas."""
    log_rate = beliefs.mean[:, None] + np.sqrt(beliefs.variance)[:, None] * _NODES
    return exposure[:, None] * (DETECTION_PROBABILITY * np.exp(log_rate) + false_positives[:, None])


def _largest_below(edge: float, land_area_m2: FloatArray) -> FloatArray:
    """The largest count (n,) whose area fraction lies below the edge."""
    count = np.ceil(edge * land_area_m2 / RTS_AREA_M2)
    is_below = count * RTS_AREA_M2 / land_area_m2 < edge
    return np.where(is_below, count, count - 1)


def _observed_fraction(
    base: _Base, unseen: FloatArray, specification: LightSpecification, random: np.random.Generator, land: BoolArray
) -> FloatArray:
    """Scenes of the highest mean score, as many as see the wanted share of the land; parts of cells are hidden."""
    interest = _drawer(specification, random, land)(4.0, specification.interest_cells)
    follows = {"features": 0.7 * base.terrain["log_slope"], "unseen": 1.5 * unseen / unseen.std()}
    score = np.full(land.shape, np.nan)
    score[land] = follows[specification.imaging] + interest
    scenes = _scene_means(score, specification.scene_cells)[land]
    n_wanted = round(specification.imaged_share * len(scenes))
    is_imaged = scenes >= np.sort(scenes)[-n_wanted]
    return np.where(is_imaged, random.uniform(0.5, 1.0, len(scenes)), 0.0)


def _scene_means(score: FloatArray, scene_cells: int) -> FloatArray:
    """Mean over the land of each cell's scene."""
    scene_of = np.arange(len(score)) // scene_cells
    scene = scene_of[:, None] * (scene_of.max() + 1) + scene_of[None, :]
    is_land = ~np.isnan(score)
    total = np.bincount(scene[is_land], weights=score[is_land], minlength=scene.max() + 1)
    return (total / np.maximum(np.bincount(scene[is_land], minlength=scene.max() + 1), 1))[scene]


def _features(
    base: _Base,
    specification: LightSpecification,
    random: np.random.Generator,
    land: BoolArray,
    is_unknown: BoolArray,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """About a hundred columns: fields and their relatives, warped embeddings, and layers that mean nothing."""
    warped = np.where(is_unknown[:, None], np.nan, np.arcsinh(base.embeddings))
    by_group = {
        TERRAIN: _relatives(base.terrain, 3, 0.5, random) | _shares_above(base.terrain),
        CLIMATE: _relatives(base.climate, 7, 0.2, random),
        EMBEDDINGS: {f"embedding_{number:02d}": column for number, column in enumerate(warped.T)},
        NUISANCE: {f"layer_{n}": _drawer(specification, random, land)(3.5, 10 + 2 * n) for n in range(8)},
    }
    columns = {name: column for group in by_group.values() for name, column in group.items()}
    return pd.DataFrame(columns), {name: group for group, names in by_group.items() for name in names}


def _relatives(
    fields: dict[str, FloatArray], n_copies: int, noise_sd: float, random: np.random.Generator
) -> dict[str, FloatArray]:
    """Each field itself, and columns that nearly repeat it, as other years and other statistics do."""
    copies = {
        f"{name}_{number}": field + noise_sd * random.standard_normal(len(field))
        for name, field in fields.items()
        for number in range(n_copies)
    }
    return fields | copies


def _shares_above(fields: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Shares of a cell's ground above three thresholds, where its ground varies about the field's value."""
    return {
        f"{name}_above_{threshold:+d}": ndtr((field - threshold) / GROUND_SD)
        for name, field in fields.items()
        for threshold in (-1, 0, 1)
    }


def expected_auc(chance: FloatArray, world: LightArctic, where: BoolArray | None = None) -> float:
    """The AUC of some chances (n,) over the map, or cells of it: its expectation under the true rates, not one draw."""
    chosen = np.ones_like(world.is_imaged) if where is None else where
    true, said = world.chance_of_any(world.oracle)[chosen], chance[chosen]
    is_positive = np.repeat([True, False], len(said))
    weights = np.concatenate([true, 1 - true])
    return float(roc_auc_score(is_positive, np.tile(said, 2), sample_weight=weights))
