"""What a run says of looking at further cells: the terms of its own survey plan, and the columns that value a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import RunFolderError
from .language import phrase, tr
from .manifest import Manifest
from .manifest_file import MANIFEST_NAME

VALUE = "survey_value"
CHANCE = "p_any_rts"
SEEN_IN_ANY_YEAR = "seen_fraction"
_OF_A_CELL = ("area_m2", "land_fraction", "lon_deg", "lat_deg")
_REPLAN = phrase("Make the run again with a current Entropice: `kedro run`.")


@dataclass(frozen=True)
class SurveyTerms:
    """The parameters of the pipeline's plan, in whose units the values of cells stand.

    `find_value_bits` is the worth of a cell with slumps beside information, `min_image_km2` what the smallest image
    costs, `range_km` the distance at which neighbours tell different things (0: they never tell the same), `budget_km2`
    what the run's own plan may cost.
    """

    budget_km2: float
    min_image_km2: float
    find_value_bits: float
    range_km: float


@dataclass(frozen=True)
class SurveyColumns:
    """Columns of the table of cells, by what they say; None where the run does not say it.

    Probabilities, their 90 % range and applicability are those of the map's model for `year`, the latest; `seen` are
    the imaged shares of land: the largest of all label years, or else one for each year that is predicted.
    """

    year: int
    value: str
    p_any: str
    p_low: str | None
    p_high: str | None
    applicability: str | None
    seen: tuple[str, ...]
    area_m2: str
    land_fraction: str
    lon_deg: str
    lat_deg: str

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are read of a cell: the needed ones first, then those that the run has of the others."""
        maybe = (self.p_low, self.p_high, self.applicability)
        known = (self.value, self.p_any, self.area_m2, self.land_fraction, self.lon_deg, self.lat_deg)
        return (*known, *(name for name in maybe if name is not None), *self.seen)


def survey_terms(manifest: Manifest) -> SurveyTerms:
    """The parameters of the run's own survey plan.

    They are the manifest's ``parameters.reporting.survey``; each is 0 or more, the cost of the smallest image more than
    0.

    Raises
    ------
    RunFolderError
        The manifest does not tell one of them, or a value cannot be.
    """
    survey = manifest.parameters.object("reporting").object("survey")
    budget_km2, min_image_km2 = survey.number("budget_km2", 0), survey.number("min_image_km2", 0)
    if min_image_km2 == 0:
        # a cell whose land was all seen would cost nothing, and its value over cost be none
        raise survey.wrong("min_image_km2", min_image_km2, "a number above 0")
    return SurveyTerms(budget_km2, min_image_km2, survey.number("find_value_bits", 0), survey.number("range_km", 0))


def survey_columns(manifest: Manifest, folder: Path) -> SurveyColumns:
    """Where the table of cells of the run in `folder` says what a plan needs.

    Only layers of the map's own model count. Needed are ``survey_value``, ``area_m2``, ``land_fraction``, ``lon_deg``
    and ``lat_deg``, and ``p_any_rts`` of any year. Nothing is read from `folder`, which errors name.

    Raises
    ------
    RunFolderError
        The run does not value cells that nobody has looked at.
    """
    columns = {
        (layer.quantity, layer.year): layer.column
        for layer in manifest.layers
        if layer.table == manifest.cells and layer.column is not None and layer.model is None
    }
    latest = max((year for quantity, year in columns if quantity == CHANCE and year is not None), default=0)
    needed = [(CHANCE, latest), *((quantity, None) for quantity in (VALUE, *_OF_A_CELL))]
    missing = [quantity for quantity, year in needed if (quantity, year) not in columns]
    if missing:
        raise RunFolderError(
            tr("This run does not value cells that nobody has looked at."),
            path=folder / MANIFEST_NAME,
            field="layers",
            got=tr("no %1", ", ".join(missing)),
            expected=tr("a run with the layer %1, which has cells that nobody has looked at", VALUE),
            fix=tr(_REPLAN),
        )
    p_any, value, area_m2, land_fraction, lon_deg, lat_deg = (columns[key] for key in needed)
    return SurveyColumns(
        year=latest,
        value=value,
        p_any=p_any,
        p_low=columns.get(("p_any_low", latest)),
        p_high=columns.get(("p_any_high", latest)),
        applicability=columns.get(("applicability", latest)),
        seen=_seen(columns),
        area_m2=area_m2,
        land_fraction=land_fraction,
        lon_deg=lon_deg,
        lat_deg=lat_deg,
    )


def _seen(columns: Mapping[tuple[str, int | None], str]) -> tuple[str, ...]:
    """A run whose label years are all predicted tells no largest share of its own."""
    if (SEEN_IN_ANY_YEAR, None) in columns:
        return (columns[SEEN_IN_ANY_YEAR, None],)
    return tuple(column for (quantity, _), column in columns.items() if quantity == "observed_fraction")
