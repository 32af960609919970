"""What a run is called, credits and claims follows from what it is made of."""

from pathlib import Path

import pytest
from kedro.io import DataCatalog

from entropice.app.commands import kedro_run
from entropice.app.configuration.synthetic_files import check_given_root, check_targets
from entropice.errors import ConfigError
from entropice.io import RasterTilesDataset, VectorFileDataset
from entropice.io.checksums import write_record
from entropice.pipelines.composition import Composition
from entropice.pipelines.reporting.about import UNSTATED, about_run
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.pipelines.sources.declaration import SYNTHETIC as MADE_HERE
from entropice.report.about import About

SYNTHETIC = MADE_HERE.attribution
COMMAND = "kedro run --env mine --params grid=h3_6"
OWN = Composition(world=None, labels="polygons", features=("era5_fields", "arcticdem"))
OWN_RASTERS = Composition(world="virtual_arctic", labels="darts", features=("era5_monthly", "rasters"))
FETCHED = Composition(world=None, labels="darts", features=("arcticdem",), is_downloaded=True)
VIRTUAL = Composition(world="virtual_arctic", labels="darts", features=("era5_monthly",))


def _about(composition: Composition, **given: object) -> About:
    values = {"purpose": "model", "notice": "", "year_names": {}, "overview_pixel_size_m": 1e4}
    reporting = ReportingParameters.model_validate(values | {"n_bayes_limit_draws": 10} | given)
    return about_run(reporting, composition, "mine", COMMAND)


def test_a_run_on_files_of_ones_own_is_no_virtual_arctic() -> None:
    about = _about(OWN)

    assert about.title == "Retrogressive thaw slumps: polygons, era5_fields, arcticdem (environment mine)"
    assert "virtual" not in about.title + about.description
    assert "reporting.description" in about.description
    assert about.rebuild_command == COMMAND
    assert SYNTHETIC not in about.attributions
    assert [text.split(":")[0] for text in about.attributions[:2]] == ["ERA5", "ArcticDEM"]
    assert about.attributions[2] == f"{UNSTATED} land and polygons."


def test_an_environment_of_pipelines_alone_is_told_by_its_name() -> None:
    about = _about(Composition(world=None, labels=None, features=(), pipelines=("grids",)))

    assert about.title == "Retrogressive thaw slumps (environment mine)"
    assert about.attributions == (f"{UNSTATED} land.",)


def test_stated_credits_take_the_place_of_what_is_not_known() -> None:
    stated = _about(OWN, attributions=["Slumps: Me."]).attributions

    assert stated[-1] == "Slumps: Me."
    assert not any(UNSTATED in text for text in stated)


def test_rasters_of_ones_own_in_the_virtual_arctic_are_not_synthetic() -> None:
    about = _about(OWN_RASTERS)

    assert about.attributions == (SYNTHETIC, f"{UNSTATED} rasters.")
    assert "but those of rasters, which were given" in about.description


def test_what_was_downloaded_is_credited_with_its_land() -> None:
    about = _about(FETCHED)

    assert [text.split(":")[0] for text in about.attributions] == ["Land", "DARTS", "ArcticDEM"]
    assert "downloaded in the environment mine" in about.description


def test_the_virtual_arctic_alone_needs_no_credit() -> None:
    about = _about(VIRTUAL)

    assert about.title == "Retrogressive thaw slumps of the virtual Arctic"
    assert about.attributions == (SYNTHETIC,)


def test_given_words_are_taken_as_they_are() -> None:
    about = _about(OWN, title="Peel Plateau", description="Mine.", notice="Small.")

    assert (about.title, about.description, about.notice) == ("Peel Plateau", "Mine.", "Small.")


@pytest.mark.parametrize(
    ("environment", "parameters", "command"),
    [
        (None, {"grid": "h3_4"}, "kedro run --params grid=h3_4"),
        ("local", {"grid": "h3_4"}, "kedro run --params grid=h3_4"),
        ("mine", {"grid": "h3_6", "random_seed": 3}, "kedro run --env mine --params grid=h3_6,random_seed=3"),
        (
            "mine",
            {"grids": {"region": {"min_lat_deg": 70}}},
            "kedro run --env mine --params grids.region.min_lat_deg=70",
        ),
    ],
)
def test_the_command_names_environment_and_parameters(environment: str, parameters: dict, command: str) -> None:
    assert kedro_run(None, environment, parameters) == command


def _catalog(path: Path) -> DataCatalog:
    return DataCatalog(
        {
            "rts_file": VectorFileDataset(filepath=str(path / "rts.gpkg")),
            "elevation_tiles": RasterTilesDataset(filepath=str(path / "arcticdem")),
        }
    )


NAMES = ["rts_file", "elevation_tiles"]


def test_the_virtual_arctic_writes_into_empty_folders_and_over_what_it_made(tmp_path: Path) -> None:
    raw = tmp_path / "data/01_raw"
    check_targets(NAMES, _catalog(raw), tmp_path / "data")
    raw.mkdir(parents=True)
    (raw / "rasters").mkdir()
    (raw / "rts.gpkg").write_text("made")
    write_record(raw / "rts.gpkg", raw / "rts.gpkg", {})
    (raw / "rts.gpkg-wal").touch()

    check_targets(NAMES, _catalog(raw), tmp_path / "data")


@pytest.mark.parametrize("name", ["my_slumps.gpkg", "rts.gpkg", "arcticdem/32_34.tif"])
def test_it_never_writes_among_files_of_a_user(tmp_path: Path, name: str) -> None:
    given = tmp_path / "01_raw" / name
    given.parent.mkdir(parents=True)
    given.write_text("mine")

    with pytest.raises(ConfigError, match="files of a user may lie"):
        check_targets(NAMES, _catalog(tmp_path / "01_raw"), tmp_path)

    assert given.read_text() == "mine"


def test_it_never_writes_outside_its_root(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        check_targets(NAMES, _catalog(tmp_path / "elsewhere"), tmp_path / "data")

    assert caught.value.got == "a place outside work_root"


def test_a_root_of_given_files_and_a_world_exclude_each_other() -> None:
    check_given_root(None, "/files", "conf/mine/globals.yml")
    check_given_root("virtual_arctic", None, "conf/mine/globals.yml")
    with pytest.raises(ConfigError, match="makes its own") as caught:
        check_given_root("virtual_arctic", "/files", "conf/mine/globals.yml")

    assert caught.value.path == "conf/mine/globals.yml"
