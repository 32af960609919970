"""All of a comparison, from the finished runs alone."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from entropice.comparison.agreement import Maps, agreement_table
from entropice.comparison.comparable import LABEL_DATASETS, check_comparable
from entropice.comparison.cost import runs_table
from entropice.comparison.facts import ComparisonFacts, facts_of
from entropice.comparison.finished_run import FinishedRun
from entropice.comparison.settings import Settings
from entropice.comparison.skill import UnitForecast, difference_table, draws_of_blocks, skill_table
from entropice.comparison.truth import observed_density
from entropice.comparison.unit_forecasts import forecasts_on_units, known_by_all, maps_on_units
from entropice.comparison.units import common_units, overlap, unit_blocks
from entropice.errors import InputFileError
from entropice.learning.scores import REFERENCE
from entropice.types import DataFrame, GeoDataFrame

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Comparison:
    """Tables of a comparison.

    Attributes
    ----------
    runs, skill, differences, agreement
        As `cost.runs_table`, `skill.skill_table`, `skill.difference_table` and `agreement.agreement_table` return them.
    units
        The common units (``cell_id`` int64, and the other columns of `units.common_units`) with what was observed
        (``observed_<year>``, slump area over observed land area) and with each run's map (``<quantity>_<year>_<run>``,
        the quantities being ``expected_rts_area_fraction`` and ``p_any_rts``, with ``_`` for ``/`` in the run's name);
        NaN is unknown.
    facts
        What was compared, and how.
    """

    runs: DataFrame
    skill: DataFrame
    differences: DataFrame
    agreement: DataFrame
    units: GeoDataFrame
    facts: ComparisonFacts

    def frame(self, table: str) -> DataFrame:
        """The rows of a table of ``facts.table_titles``; null is unknown.

        Raises
        ------
        KeyError
            It is none of ``runs skill differences agreement``.
        """
        tables = {
            "runs": self.runs, "skill": self.skill, "differences": self.differences, "agreement": self.agreement,
        }  # fmt: skip
        return tables[table]


def compare(runs: Sequence[FinishedRun], settings: Settings) -> Comparison:
    """Bring all runs to common units, and tell their skill, agreement and cost.

    Skill is that of expected densities on the units and years that every model of every run has forecast out of fold,
    and that were observed; intervals draw whole blocks of units, the same for all runs. A single run is scored, with a
    warning.

    Parameters
    ----------
    runs
        At least one, with the same labels. Units follow from all, land and labels from the first.

    Raises
    ------
    InputFileError
        Runs do not have the same labels (`check_comparable`; before anything else), or no unit and year was tested by
        all of them (last).
    LabelError
        No slump was observed in any unit; looked for after the units.
    GridError
        No unit has its centre in the region of the cells, or none has enough land (`units.common_units`).
    """
    check_comparable(runs)
    if len(runs) == 1:
        logger.warning("%s is the only finished run: it is scored, and there is nothing to compare.", runs[0].name)
    first = runs[0].run
    units = common_units(settings.unit_level, pd.concat([run.cells["lat_deg"] for run in runs]), first.context("land"))
    truth = observed_density(units, first, first.years, settings.min_observed_fraction)
    on_units = {run.name: overlap(run.cells, units) for run in runs}
    tested = {run.name: forecasts_on_units(run, truth, on_units[run.name], settings.min_covered_share) for run in runs}
    maps = {run.name: maps_on_units(run, units, on_units[run.name], settings.min_covered_share) for run in runs}
    judged = _judged(truth, tested, runs)
    forecasts = {
        (name, str(model)): _unit_forecast(judged, table, str(model))
        for name, table in tested.items()
        for model in table["model"].unique()
    }
    # The same draws for all runs: what is hard for all of them cancels out of their differences.
    blocks = pd.Series(unit_blocks(units, settings.unit_level), index=units["cell_id"].to_numpy())
    draws = draws_of_blocks(blocks.loc[judged["cell_id"]].to_numpy(), settings.random_seed, settings.n_bootstrap)
    of_maps = {run.name: forecasts[run.name, run.run.map_model] for run in runs}
    return Comparison(
        runs=runs_table(runs),
        skill=skill_table(forecasts, draws),
        differences=difference_table(of_maps, draws),
        agreement=agreement_table(maps),
        units=_with_values(units, truth, maps),
        facts=facts_of(runs, LABEL_DATASETS, settings),
    )


def _judged(truth: DataFrame, tested: Mapping[str, DataFrame], runs: Sequence[FinishedRun]) -> DataFrame:
    """Rows of the truth that every model of every run has forecast."""
    judged = known_by_all(list(tested.values())).merge(truth.dropna(), on=["cell_id", "year"])
    if judged.empty:
        raise InputFileError(
            "No common unit has forecasts of all runs on observed ground.",
            path=runs[0].run.folder / "manifest.json",
            field="comparison.unit_level, comparison.min_covered_share",
            got=", ".join(f"{len(table)} forecasts by {name}" for name, table in tested.items()),
            expected="at least one unit and year that all runs have tested",
            fix="lower comparison.min_covered_share or comparison.unit_level",
        )
    return judged


def _unit_forecast(judged: DataFrame, tested: DataFrame, model: str) -> UnitForecast:
    def of(name: str) -> DataFrame:
        return judged.merge(tested[tested["model"] == name], on=["cell_id", "year"], how="left", validate="one_to_one")

    return UnitForecast(
        forecast=of(model)["forecast"].to_numpy(np.float64),
        reference=of(REFERENCE)["forecast"].to_numpy(np.float64),
        truth=judged["rts_area_fraction"].to_numpy(np.float64),
        land_m2=judged["observed_land_area_m2"].to_numpy(np.float64),
    )


def _with_values(units: GeoDataFrame, truth: DataFrame, maps: Mapping[str, Maps]) -> GeoDataFrame:
    density = truth.set_index(["year", "cell_id"])["rts_area_fraction"]
    columns = {
        f"observed_{year}": density.loc[year].reindex(units["cell_id"]).to_numpy(np.float64)
        for year in truth["year"].unique()
    }
    mapped = {
        f"{quantity}_{year}_{run.replace('/', '_')}": values
        for run, values_of in maps.items()
        for (quantity, year), values in values_of.items()
    }
    return units.assign(cell_id=units["cell_id"].astype(np.int64), **columns, **mapped)
