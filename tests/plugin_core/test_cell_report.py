from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from feature_packages import change, geopackage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgis_plugin.entropice.core.cell_report import (
    Applicability,
    Bar,
    CellReport,
    Chance,
    Driver,
    Observation,
    YearOfCell,
    cell_report,
)
from qgis_plugin.entropice.core.cell_row import CellRow, cell_name
from qgis_plugin.entropice.core.class_ranges import ClassRange
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.feature_tables import NEEDED, feature_tables
from qgis_plugin.entropice.core.important_sets import ImportantSet
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.wording import UNKNOWN

PREDICTED: dict[str, object] = {
    "class_2022": "few",
    "p_none_2022": 0.25,
    "p_few_2022": 0.5,
    "p_some_2022": 0.25,
    "p_many_2022": 0.0,
    "p_any_rts_2022": 0.75,
    "entropy_2022": 0.75,
    "expected_rts_area_fraction_2022": 0.000125,
    "p_any_low_2022": 0.5,
    "p_any_high_2022": 0.875,
    "driver_1_2022": "elevation_mean_m",
    "driver_1_share_2022": -0.6,
    "driver_1_contribution_2022": -0.4321,
    "driver_2_2022": "northness_mean",
    "driver_2_share_2022": 0.3,
}
OBSERVED: dict[str, object] = {
    "state_2022": "observed_with",
    "rts_count_2022": 7,
    "rts_per_km2_2022": 0.004,
    "observed_fraction_2022": 0.5,
    "applicability_2022": "inside",
    "not_applicable_because_2022": None,
}
OF_THE_CELL: dict[str, object] = {
    "cell_id": 594530555891023871,
    "lon_deg": -179.9,
    "lat_deg": 71.25,
    "area_m2": 1767345678.0,
    "land_fraction": 1.0,
}
EARLIER: dict[str, object] = {
    column.replace("2022", "2021"): None if column in PREDICTED else value
    for column, value in {**PREDICTED, **OBSERVED, "rts_count_2022": 3}.items()
}
ROW = {"fid": 1, **OF_THE_CELL, **OBSERVED, **PREDICTED, **EARLIER}


@pytest.fixture
def manifest(run_folder: Path) -> Manifest:
    return read_manifest(run_folder)


def report(manifest: Manifest, year: int = 2022, *, package: Path | None = None, **changes: object) -> CellReport:
    """The report of a row; without a package, that of a run that has no table about features."""
    row = {**ROW, **changes}
    with TemporaryDirectory() as folder, feature_tables(package or geopackage(Path(folder), {})) as tables:
        return cell_report(CellRow(manifest, year, row, Path("run.gpkg")), tables)


def facts(cell: CellReport) -> dict[str, str]:
    return {fact.name: fact.value for fact in cell.facts}


def test_a_row_becomes_a_report(manifest: Manifest):
    cell = report(manifest)
    assert cell.run_id == manifest.run_id
    assert cell.cell_name == "8403263ffffffff"
    assert cell.place == "71.25° N, 179.90° W"
    assert cell.year_name == "summer 2022"
    assert cell.model_title == "eSPA"
    assert cell.chance == Chance(0.75, 0.5, 0.875)
    assert cell.classes == (
        Bar("none", Chance(0.25), "#d5dee6"),
        Bar("few", Chance(0.5), "#fec44f", ClassRange(0, 10, 1)),
        Bar("some", Chance(0.25), "#ec7014", ClassRange(10, 100, 10)),
        Bar("many", Chance(0.0), "#7f2704", ClassRange(100, None, 1000)),
    )
    assert cell.density_m2_per_km2 == pytest.approx(125)
    assert cell.observation == Observation("observed_with", "observed, with slumps", "#b2480a", 0.5, 7)
    assert cell.drivers == (
        Driver("elevation_mean_m", "mean elevation", -0.6, "#0072b2", -0.4321, None),
        Driver("northness_mean", "mean northness", 0.3, "#a8a8a8", None, None),
    )
    assert facts(cell) == {
        "Most probable class": "few",
        "Entropy of the class probabilities": "0.75",
        "Slumps per observed land area": "0.004 km⁻²",
        "Area": "1,767,345,678 m²",
        "Share of land": "100 %",
    }
    assert cell.missing_tables == tuple(NEEDED)


def test_the_history_has_every_year_oldest_first(manifest: Manifest):
    assert [(year.year, year.name, year.chance) for year in report(manifest).history] == [
        (2021, "summer 2021", None),
        (2022, "summer 2022", Chance(0.75, 0.5, 0.875)),
    ]
    assert all(isinstance(year, YearOfCell) and year.observation for year in report(manifest).history)


def test_values_of_every_quantity_are_kept_as_they_are(manifest: Manifest):
    values = report(manifest).values
    assert values["driver_1_share"] == -0.6
    assert values["state"] == "observed_with"
    assert values["area_m2"] == 1767345678.0


def test_a_cell_without_prediction_has_no_bars_and_says_unknown(manifest: Manifest):
    cell = report(manifest, 2021)
    assert cell.classes == cell.drivers == ()
    assert cell.chance is None
    assert cell.density_m2_per_km2 is None
    assert cell.observation is not None
    assert cell.observation.count == 3


def test_an_unobserved_cell_counts_unknown_never_zero(manifest: Manifest):
    cell = report(manifest, state_2022="unobserved", rts_count_2022=None, rts_per_km2_2022=None)
    assert cell.observation == Observation("unobserved", "unobserved", "#9c9c9c", 0.5, None)
    assert facts(cell)["Slumps per observed land area"] == UNKNOWN


def test_an_observed_zero_stays_zero(manifest: Manifest):
    observation = report(manifest, rts_count_2022=0).observation
    assert observation is not None
    assert observation.count == 0


def test_a_run_that_does_not_say_what_was_observed_or_may_be_trusted(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    cell = report(read_manifest(write_run(without(manifest_values, "state", "applicability"))))
    assert cell.observation is cell.applicability is None


def test_where_the_map_may_not_be_trusted_the_reasons_are_kept(manifest: Manifest):
    cell = report(manifest, applicability_2022="outside", not_applicable_because_2022="far: 812 km")
    assert cell.applicability == Applicability("outside", "outside", "far: 812 km")


def test_a_share_that_rounding_pushed_beyond_one_is_one(manifest: Manifest):
    observation = report(manifest, observed_fraction_2022=1.0000000001).observation
    assert observation is not None
    assert observation.fraction == 1


def test_a_driver_without_description_keeps_its_name(manifest: Manifest):
    unknown = report(manifest, driver_1_2022="unheard_of", driver_1_contribution_2022=None)
    assert unknown.drivers[0].label == "unheard_of"
    assert unknown.drivers[0].log_odds is None


GROUP = ImportantSet("elevation_mean_m", "terrain", frozenset({"elevation_mean_m", "northness_mean"}), 9, 1, True, True)
ELEVATION = ImportantSet("elevation_mean_m", "mean elevation", frozenset({"elevation_mean_m"}), 0.5, 0.125, True)
NORTHNESS = ImportantSet(
    "northness_mean", "mean northness", frozenset({"northness_mean", "eastness_mean"}), 0.01, 0.04, False
)
FEATURES = {
    "features": """
        name TEXT, long_name TEXT, unit TEXT, scale_factor REAL;
        ('elevation_mean_m', 'mean elevation', 'm', 0.5), ('northness_mean', 'mean northness', '1', NULL),
        ('relief_m', 'relief', 'm', 0.1)""",
    "feature_values": """
        cell_id INTEGER PRIMARY KEY, elevation_mean_m INT, relief_m_2021 INT, relief_m_2022 INT;
        (594530555891023871, 600, 30, NULL), (7, 999, 999, 999)""",
    "feature_quantiles": "feature TEXT, quantile REAL, value REAL; "
    "('elevation_mean_m', 1, 400), ('elevation_mean_m', 0, 0), ('elevation_mean_m', 0.5, 200)",
    "feature_histograms": "feature TEXT, low REAL, high REAL, n INT; "
    "('elevation_mean_m', 200, 400, 1), ('elevation_mean_m', 0, 200, 3)",
    "responses": "feature TEXT, value REAL, effect REAL, low_90 REAL, high_90 REAL; "
    "('elevation_mean_m', 350, 0.2, 0.1, 0.3), ('elevation_mean_m', 50, -0.1, -0.2, 0)",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return geopackage(tmp_path, FEATURES)


def test_drivers_are_held_against_the_null_of_their_set(manifest: Manifest):
    tested = replace(manifest, drivers=(GROUP, ELEVATION, NORTHNESS))
    assert [driver.tested for driver in report(tested).drivers] == [ELEVATION, NORTHNESS]


def test_drivers_are_told_beside_the_training_rows(manifest: Manifest, package: Path):
    elevation, northness = report(manifest, package=package).features
    assert (elevation.title, elevation.unit, elevation.value) == ("mean elevation", "m", 300)
    assert elevation.distribution is not None
    assert elevation.distribution.edges == (0, 200, 400)
    assert elevation.distribution.counts == (3, 1)
    assert elevation.distribution.share_below(300) == 0.75
    assert [point.effect for point in elevation.response] == [-0.1, 0.2]
    assert (northness.name, northness.title, northness.is_kept) == ("northness_mean", "mean northness", False)
    assert northness.value is northness.distribution is None


def test_important_features_follow_the_drivers_and_unknown_is_not_the_same_as_not_kept(
    manifest: Manifest, package: Path
):
    relief = replace(ELEVATION, feature="relief_m", members=frozenset({"relief_m"}))
    cell = report(replace(manifest, drivers=(relief, NORTHNESS)), package=package)
    assert [feature.name for feature in cell.features] == ["elevation_mean_m", "northness_mean", "relief_m"]
    assert (cell.features[-1].is_kept, cell.features[-1].value) == (True, None)
    assert cell.feature_values == {"elevation_mean_m": 300, "relief_m": None}
    assert cell.drivers[0].tested is None


@pytest.mark.parametrize("table", NEEDED)
def test_a_table_that_is_missing_is_named_and_the_rest_is_told(manifest: Manifest, package: Path, table: str):
    change(package, f"ALTER TABLE {table} RENAME TO another")
    cell = report(manifest, package=package)
    assert cell.missing_tables == (table,)
    assert len(cell.drivers) == 2


@pytest.mark.parametrize("table", NEEDED)
def test_a_table_without_a_column_counts_as_missing(manifest: Manifest, package: Path, table: str):
    column = min(NEEDED[table])
    change(package, f"ALTER TABLE {table} RENAME COLUMN {column} TO another")
    assert report(manifest, package=package).missing_tables == (table,)


def test_a_view_is_no_table(manifest: Manifest, package: Path):
    change(package, "DROP TABLE responses")
    change(
        package,
        "CREATE VIEW responses (feature, value, effect, low_90, high_90) AS WITH RECURSIVE n (i) AS"
        " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, 1, 1, 1, 1 FROM n",
    )
    assert report(manifest, package=package).missing_tables == ("responses",)


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("feature_values", "UPDATE feature_values SET relief_m_2022 = 'steep'"),
        ("features", "UPDATE features SET scale_factor = 'small'"),
        ("feature_histograms", "UPDATE feature_histograms SET n = 9e999"),
        ("features", "UPDATE features SET unit = NULL"),
    ],
)
def test_a_value_about_features_that_cannot_be_is_refused(
    manifest: Manifest, package: Path, table: str, statement: str
):
    change(package, statement)
    with pytest.raises(RunFolderError, match="value that cannot be") as caught:
        report(manifest, package=package)
    assert caught.value.field == table


def test_a_file_that_is_no_database_is_refused(manifest: Manifest, tmp_path: Path):
    (tmp_path / "run.gpkg").write_bytes(b"no database at all" * 100)
    with pytest.raises(RunFolderError, match="cannot be read"):
        report(manifest, package=tmp_path / "run.gpkg")


def test_the_file_is_not_changed_and_a_journal_beside_it_not_read(manifest: Manifest, package: Path):
    before = package.read_bytes()
    for ending in ("-wal", "-journal", "-shm"):
        package.with_name(package.name + ending).write_bytes(b"foreign")
    assert report(manifest, package=package).features[0].value == 300
    assert package.read_bytes() == before
    assert len(list(package.parent.glob("package*"))) == 4


def test_names_of_folders_may_hold_what_means_something_in_addresses(manifest: Manifest, tmp_path: Path):
    folder = tmp_path / "a %20 ? # ä"
    folder.mkdir()
    assert report(manifest, package=geopackage(folder, FEATURES)).missing_tables == ()


def changed(manifest_values: dict[str, Any], name: str, **changes: object) -> dict[str, Any]:
    (layer,) = [layer for layer in manifest_values["layers"] if layer["name"] == name]
    layer.update(changes)
    return manifest_values


def test_an_unknown_quantity_is_told_by_title_and_unit(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    changed(manifest_values, "entropy_2022", quantity="thaw_depth", title="Thaw depth", unit="cm", group="soil")
    cell = report(read_manifest(write_run(manifest_values)), entropy_2022=45.5)
    assert facts(cell)["Thaw depth"] == "45.5 cm"


def test_columns_are_found_by_quantity_and_not_by_name(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    manifest_values["tables"][0]["columns"].append({"name": "count_in_22"})
    changed(manifest_values, "rts_count_2022", column="count_in_22")
    manifest = read_manifest(write_run(manifest_values))
    observation = report(manifest, rts_count_2022=None, count_in_22=9).observation
    assert observation is not None
    assert observation.count == 9


def test_what_another_model_says_is_told_beside_what_the_map_says(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    (own,) = [layer for layer in manifest_values["layers"] if layer["name"] == "p_any_rts_2022"]
    of_another = {
        "name": "p_any_rts_2022_logistic",
        "column": "logistic_2022",
        "model": "logistic",
        "is_default": False,
    }
    manifest_values["layers"].append({**own, **of_another, "overview": None})
    manifest_values["tables"][0]["columns"].append({"name": "logistic_2022"})
    cell = report(read_manifest(write_run(manifest_values)), logistic_2022=0.125)
    assert cell.chance is not None
    assert cell.chance.value == 0.75
    assert facts(cell)["Probability of any slump · logistic"] == "12.5 %"


def without(manifest_values: dict[str, Any], *quantities: str) -> dict[str, Any]:
    manifest_values["layers"] = [
        layer for layer in manifest_values["layers"] if not layer["quantity"].startswith(quantities)
    ]
    return manifest_values


def test_a_map_model_that_explains_no_cell_has_no_drivers(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    cell = report(read_manifest(write_run(without(manifest_values, "driver_"))))
    assert cell.drivers == ()
    assert cell.classes


def test_a_run_that_does_not_say_where_its_cells_are_names_no_place(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    assert report(read_manifest(write_run(without(manifest_values, "lon_deg")))).place == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"p_none_2022": 1.5},
        {"p_none_2022": -0.25, "p_few_2022": 1.0},
        {"p_none_2022": 0.2},
        {"p_none_2022": None},
        {"p_none_2022": float("nan")},
        {"p_none_2022": "0.25"},
        {"entropy_2022": float("inf")},
        {"entropy_2022": b"0.5"},
        {"driver_1_2022": 3},
        {"driver_1_share_2022": -1.5},
        {"cell_id": None},
        {"lat_deg": "north"},
        {"p_any_low_2022": 0.9},
        {"p_any_high_2022": 1.5},
        {"observed_fraction_2022": -0.5},
        {"state_2022": 3},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused(manifest: Manifest, changes: dict[str, object]):
    with pytest.raises(RunFolderError, match="value that cannot be") as caught:
        report(manifest, **changes)
    assert next(iter(changes)).removesuffix("_2022") in (caught.value.field or "")


@given(st.integers(0, 2**63 - 1))
def test_a_cell_is_spelt_as_its_grid_does(cell_id: int):
    assert int(cell_name("h3", cell_id), 16) == cell_id
    assert cell_name("healpix", cell_id) == cell_name("a grid of a later version", cell_id) == str(cell_id)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weights=st.lists(st.floats(1e-6, 1), min_size=4, max_size=4))
def test_any_probabilities_that_sum_to_one_are_shown_as_they_are(manifest: Manifest, weights: list[float]):
    shares = [weight / sum(weights) for weight in weights]
    columns = dict(zip(("p_none_2022", "p_few_2022", "p_some_2022", "p_many_2022"), shares, strict=True))
    assert [bar.chance.value for bar in report(manifest, **columns).classes] == shares
