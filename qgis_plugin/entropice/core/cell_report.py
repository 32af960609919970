"""What is known about one cell in one year, as plain values for the dock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from .cell_imagery import ImageryInCell, imagery_in_cell, told_of
from .cell_row import CellRow
from .class_ranges import M2_PER_KM2, ClassRange
from .feature_tables import FeatureTables
from .features import FeatureInCell
from .important_sets import ImportantSet, set_of
from .language import tr
from .task_tiles import TilesOfYear
from .wording import unit_text, value_text

PROBABILITY_TOLERANCE = 1e-3
MAX_IMPORTANT_FEATURES = 6
_PLACE = ("lon_deg", "lat_deg")
_TOLD_IN_SENTENCES = frozenset(
    {
        *_PLACE,
        *("p_any_rts", "p_any_low", "p_any_high", "conformal_set", "expected_rts_area_fraction"),
        *("state", "observed_fraction", "rts_count", "applicability", "not_applicable_because"),
    }
)


@dataclass(frozen=True)
class Chance:
    """A probability in 0..1, and the ends of its 90 % range where they are known.

    A range that is known only at one end has None at the other.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bar:
    """A class: `colour` is ``#rrggbb`` or None where the map has none for it, `area` the slump area it stands for."""

    label: str
    chance: Chance
    colour: str | None
    area: ClassRange | None = None


@dataclass(frozen=True)
class Driver:
    """A feature that decides the cell: `share` is its signed part, in −1..1, of all contributions.

    `log_odds` is what it adds to those of any slump, beside the mean training row; where the run does not say, a
    positive share speaks for what is said of the cell, a negative one against it. `tested` is the set of features by
    which its importance was tested, or None.
    """

    feature: str
    label: str
    share: float
    colour: str | None
    log_odds: float | None
    tested: ImportantSet | None


@dataclass(frozen=True)
class Observation:
    """What was seen in a year: `state` as the run spells it, `label` as the map calls it; None is unknown."""

    state: str
    label: str
    colour: str | None
    fraction: float | None
    count: float | None


@dataclass(frozen=True)
class Applicability:
    """Whether the map may be trusted here: `verdict` as the run spells it, `label` as the map calls it."""

    verdict: str
    label: str
    reasons: str | None


@dataclass(frozen=True)
class YearOfCell:
    """One year of a cell's history.

    `name` is what the run calls the year; `chance` and `observation` are None where it does not tell them.
    """

    year: int
    name: str
    chance: Chance | None
    observation: Observation | None


@dataclass(frozen=True)
class Fact:
    """One line of text: a name and its value; `description` says what it means."""

    name: str
    value: str
    description: str = ""


@dataclass(frozen=True)
class CellReport:
    """A cell in a year; what is empty or None is not predicted, not explained, or not told by the run.

    `features` are the leading drivers first, then the most important features of the run. `facts` are what no other
    field tells. `values` are those of every quantity, `feature_values` those of the features that the run keeps, both
    by name. `missing_tables` names the tables about features that the run does not have.
    `imagery` is what is known of each task that has looked for something in images.
    """

    run_id: str
    run_title: str
    cell_name: str
    place: str
    year: int
    year_name: str
    model_title: str
    chance: Chance | None
    classes: tuple[Bar, ...]
    density_m2_per_km2: float | None
    possible_classes: str | None
    observation: Observation | None
    applicability: Applicability | None
    drivers: tuple[Driver, ...]
    features: tuple[FeatureInCell, ...]
    history: tuple[YearOfCell, ...]
    facts: tuple[Fact, ...]
    values: Mapping[str, float | str | None]
    feature_values: Mapping[str, float | None]
    missing_tables: tuple[str, ...]
    imagery: tuple[ImageryInCell, ...] = ()


def cell_report(cell: CellRow, tables: FeatureTables, tiles: Mapping[str, Sequence[TilesOfYear]] = {}) -> CellReport:
    """The report of one row of the table of cells; `tiles` are those of the cell by the name of each task.

    `tables` is the open GeoPackage, of which the features are read; a task without an entry in `tiles` was not imaged
    here. The density is expected_rts_area_fraction · 10⁶ m² per km². Probabilities of classes may miss 1 by 0.001 in
    their sum; where all are unknown there are none, where only some are, it is an error. Drivers are read by rank, from
    1 to the last that the run has, those without a name or share left out; of features that exceed chance at most six
    are added.

    Raises
    ------
    RunFolderError
        A value has another type than its quantity, class probabilities are outside 0..1 or do not sum to 1, a range
        ends before it begins, or a driver's share is outside −1..1.
    """
    sets = cell.manifest.clusters
    drivers = tuple(_drivers(cell, sets))
    density = cell.number("expected_rts_area_fraction")
    feature_values = tables.values(cell.id, cell.year)
    return CellReport(
        run_id=cell.manifest.run_id,
        run_title=cell.manifest.title,
        cell_name=cell.name,
        place=_place(cell),
        year=cell.year,
        year_name=cell.manifest.year_name(cell.year),
        model_title=cell.manifest.map_model_title,
        chance=_chance(cell),
        classes=_classes(cell),
        density_m2_per_km2=None if density is None else density * M2_PER_KM2,
        possible_classes=cell.label("conformal_set"),
        observation=_observation(cell),
        applicability=_applicability(cell),
        drivers=drivers,
        features=tuple(_features(cell, tables, feature_values, _told_features(drivers, sets))),
        history=tuple(_year_of_cell(cell.in_year(year)) for year in cell.manifest.years),
        facts=tuple(_facts(cell)),
        values={quantity: cell.value(layer) for quantity, layer in cell.layers.items()},
        feature_values=feature_values,
        missing_tables=tables.missing,
        imagery=tuple(imagery_in_cell(cell, task, tiles.get(task.name, ())) for task in cell.manifest.tasks),
    )


def _place(cell: CellRow) -> str:
    lon_deg, lat_deg = (cell.number(quantity) for quantity in _PLACE)
    if lon_deg is None or lat_deg is None:
        return ""
    east_or_west = tr("E") if lon_deg >= 0 else tr("W")
    north_or_south = tr("N") if lat_deg >= 0 else tr("S")
    return f"{abs(lat_deg):.2f}° {north_or_south}, {abs(lon_deg):.2f}° {east_or_west}"


def _chance(cell: CellRow) -> Chance | None:
    value, low, high = (cell.share(quantity) for quantity in ("p_any_rts", "p_any_low", "p_any_high"))
    if low is not None and high is not None and low > high:
        raise cell.wrong("p_any_low, p_any_high", (low, high), "a range whose low end is not above its high end")
    return None if value is None else Chance(value, low, high)


def _classes(cell: CellRow) -> tuple[Bar, ...]:
    names, quantities = cell.manifest.class_names, _class_quantities(cell)
    shares = [cell.number(quantity) for quantity in quantities]
    known = [share for share in shares if share is not None]
    if not known:
        return ()
    if len(known) < len(names) or min(known) < 0 or abs(sum(known) - 1) > PROBABILITY_TOLERANCE:
        raise cell.wrong(", ".join(quantities), shares, "probabilities in 0..1 that sum to 1")
    areas = cell.manifest.class_ranges
    return tuple(
        Bar(name, Chance(share), cell.colour("class", name), areas.get(name)) for name, share in zip(names, known)
    )


def _class_quantities(cell: CellRow) -> list[str]:
    return [f"p_{name}" for name in cell.manifest.class_names]


def _observation(cell: CellRow) -> Observation | None:
    state = cell.text("state")
    if state is None:
        return None
    label, colour = cell.label("state") or state, cell.colour("state", state)
    return Observation(state, label, colour, cell.share("observed_fraction"), cell.number("rts_count"))


def _applicability(cell: CellRow) -> Applicability | None:
    verdict = cell.text("applicability")
    if verdict is None:
        return None
    return Applicability(verdict, cell.label("applicability") or verdict, cell.text("not_applicable_because"))


def _drivers(cell: CellRow, sets: Sequence[ImportantSet]) -> Iterator[Driver]:
    for name_quantity, share_quantity, contribution_quantity in _driver_quantities(cell):
        feature, share = cell.text(name_quantity), cell.share(share_quantity, lowest=-1)
        if feature is not None and share is not None:
            yield Driver(
                feature=feature,
                label=cell.manifest.feature_titles.get(feature) or feature,
                share=share,
                colour=cell.colour("driver_1", feature),
                log_odds=cell.number(contribution_quantity),
                tested=set_of(sets, feature),
            )


def _driver_quantities(cell: CellRow) -> Iterator[tuple[str, str, str]]:
    """Name, share and contribution of the drivers, by rank, for as many ranks as the run has; the last may be none."""
    for rank in count(1):
        name, share, contribution = f"driver_{rank}", f"driver_{rank}_share", f"driver_{rank}_contribution"
        if not {name, share} <= cell.layers.keys():
            return
        yield name, share, contribution


def _told_features(drivers: Sequence[Driver], sets: Sequence[ImportantSet]) -> list[str]:
    """The drivers of the cell, then the typical features of the sets that are told apart from chance."""
    important = [found.feature for found in sets if found.is_discovery][:MAX_IMPORTANT_FEATURES]
    return list(dict.fromkeys([*(driver.feature for driver in drivers), *important]))


def _features(
    cell: CellRow, tables: FeatureTables, values: Mapping[str, float | None], names: Sequence[str]
) -> Iterator[FeatureInCell]:
    for name in names:
        title, unit = tables.name_and_unit(name) or (cell.manifest.feature_titles.get(name) or name, "1")
        yield FeatureInCell(
            name=name,
            title=title,
            unit=unit_text(unit),
            is_kept=name in values,
            value=values.get(name),
            distribution=tables.distribution(name),
            response=tables.response(name),
        )


def _year_of_cell(cell: CellRow) -> YearOfCell:
    return YearOfCell(cell.year, cell.manifest.year_name(cell.year), _chance(cell), _observation(cell))


def _facts(cell: CellRow) -> Iterator[Fact]:
    drivers = [quantity for told in _driver_quantities(cell) for quantity in told]
    told_otherwise = {*_class_quantities(cell), *drivers, *told_of(cell.manifest.tasks), *_TOLD_IN_SENTENCES}
    for quantity, layer in cell.layers.items():
        if quantity not in told_otherwise:
            yield Fact(layer.title, value_text(layer, cell.value(layer)), layer.description)
    for layer in cell.of_other_models:
        title = f"{layer.title} · {cell.manifest.model_title(layer.model)}"
        yield Fact(title, value_text(layer, cell.value(layer)), layer.description)
