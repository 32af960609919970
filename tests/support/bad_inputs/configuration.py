"""Configuration and command lines that must be refused, read the way a run reads them."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kedro.io import DataCatalog

from bad_inputs import BadInput
from entropice.app.before_run import check_features, check_writable
from entropice.app.configuration.catalog_entries import CatalogOrigin, checked
from entropice.app.configuration.composition import VIRTUAL_WORLD, compose
from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.app.configuration.synthetic_files import check_targets
from entropice.app.selection import check_selection, check_versions
from entropice.io import VectorFileDataset
from entropice.settings import CONFIG_LOADER_ARGS

BASE = Path(__file__).parents[3] / "conf/base"


def _loader(folder: Path, files: dict[str, str], given: dict[str, Any]) -> RootedConfigLoader:
    shutil.copytree(BASE, folder / "conf/base")
    (folder / "conf/mine").mkdir()
    for name, text in files.items():
        path = folder / "conf/mine" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("latin-1"))
    return RootedConfigLoader(str(folder / "conf"), env="mine", runtime_params=given, **CONFIG_LOADER_ARGS)


def _read(folder: Path, files: dict[str, str], given: dict[str, Any], environment: str = "mine") -> object:
    loader = _loader(folder, files, given)
    loader.env = environment
    return read_configuration(loader)


def _file(kind: str, name: str, text: str) -> BadInput:
    return BadInput(kind, partial(_read, files={name: text}, given={}))


def _composed(kind: str, text: str) -> BadInput:
    return _file(kind, "composition.yml", text)


def _parameter(kind: str, text: str, section: str = "") -> BadInput:
    return _file(kind, f"{section}/parameters.yml" if section else "parameters.yml", text)


def _given(kind: str, **given: Any) -> BadInput:
    return BadInput(kind, partial(_read, files={}, given=given))


def _entry(kind: str, text: str, also: str = "labels/catalog.yml") -> BadInput:
    def provoke(folder: Path) -> object:
        loader = _loader(folder, {"labels/catalog.yml": text, also: text}, {})
        known = {name for pipeline in compose(VIRTUAL_WORLD).values() for name in pipeline.datasets()}
        origin = CatalogOrigin(folder / "conf", "mine")
        return checked(lambda: DataCatalog.from_config(loader["catalog"]), known, origin)

    return BadInput(kind, provoke)


def _asked(kind: str, **asked: Any) -> BadInput:
    return BadInput(kind, lambda _: check_selection(asked, compose(VIRTUAL_WORLD)))


def _target(kind: str, place: Callable[[Path], Path], given: str | None = None) -> BadInput:
    def provoke(folder: Path) -> None:
        if given is not None:
            (folder / given).parent.mkdir(parents=True)
            (folder / given).write_text("mine")
        catalog = DataCatalog({"rts_file": VectorFileDataset(filepath=str(place(folder)))})
        check_targets(["rts_file"], catalog, folder / "data/mine")

    return BadInput(kind, provoke)


VIRTUAL = "world: virtual_arctic\nlabels: darts\nfeatures: "
SWAPPED = "grids: {region: {min_lat_deg: null, polygon: [[66, 170], [66, -170], [72, -170]]}}"
ICE = "features: {rasters: {files: [{file: a.tif, name: Ice, unit: m}]}}"
VERSION = "2024-01-01T00.00.00.000Z"
TWO_LABELS = "labels: {years: [2022]}"
MODELLING = "modelling: {{{}}}"
LABELS = "labels: {{{}}}"
RTS = "type: entropice.io.VectorFileDataset"

FILES = (
    _file("YAML: tab for indentation", "labels/parameters.yml", "labels:\n\tyears: [2021]\n"),
    _file("YAML: bracket that is not closed", "labels/parameters.yml", "labels: {years: [2021}\n"),
    _file("YAML: key without a space after the colon", "globals.yml", "grid: h3_4\nwork_root:data/mine\n"),
    _file("YAML: key that occurs twice", "parameters.yml", "random_seed: 1\nrandom_seed: 2\n"),
    BadInput(
        "YAML: section in two files",
        partial(_read, files={"labels/parameters.yml": TWO_LABELS, "parameters.yml": TWO_LABELS}, given={}),
    ),
    _file("YAML: Python tag", "parameters.yml", "random_seed: !!python/object/apply:os.getpid []\n"),
    _file("YAML: unknown tag", "parameters.yml", "random_seed: !seed 1\n"),
    _file("YAML: anchor that is not there", "parameters.yml", "random_seed: *seed\n"),
    _file("YAML: a list in place of keys", "parameters.yml", "- random_seed\n"),
    _file("YAML: a text in place of keys", "composition.yml", "darts\n"),
    _file("YAML: not UTF-8", "parameters.yml", "reporting: {title: \xe4}\n"),
    _file("YAML: quote that is not closed", "reporting/parameters.yml", 'reporting: {title: "Slumps}\n'),
    _file("YAML: octal number", "parameters.yml", "random_seed: 010\n"),
    _file("YAML: number read as a time", "modelling/parameters.yml", "modelling: {n_bootstrap: 12:30}\n"),
    _file("YAML: value of globals that is not there", "parameters.yml", "grid: ${globals:gird}\n"),
    _file("file whose name nothing reads", "labels/parameter.yml", "labels: {years: [2021]}\n"),
    _file("globals.yml in a folder of a pipeline", "labels/globals.yml", "grid: h3_5\n"),
    _file("globals.yaml for globals.yml", "globals.yaml", "grid: h3_5\n"),
    _file("globals: unknown key", "globals.yml", "work_rot: data/mine\n"),
    _file("globals: number for a folder", "globals.yml", "work_root: 5\n"),
    _file("globals: work_root that leaves the project", "globals.yml", "work_root: ../../elsewhere\n"),
    _file("globals: data_root in a virtual world", "globals.yml", "work_root: data/mine\ndata_root: /files\n"),
)

COMPOSITIONS = (
    _composed("composition: unknown source of features", VIRTUAL + "[era5_monthly, arctic_dem]\n"),
    _composed("composition: unknown source of labels", "labels: dart\n"),
    _composed("composition: two sources of one group", "world: null\nfeatures: [era5_monthly, era5_hourly]\n"),
    _composed("composition: one source twice", VIRTUAL + "[arcticdem, arcticdem]\n"),
    _composed("composition: no source of features", VIRTUAL + "[]\n"),
    _composed("composition: no source of labels", "labels: null\n"),
    _composed("composition: unknown world", "world: mars\n"),
    _composed("composition: `no` for null", "world: no\n"),
    _composed("composition: source that the world does not make", "labels: arts\n"),
    _composed("composition: download of a virtual world", "is_downloaded: true\n"),
    _composed("composition: text for a list", "features: arcticdem\n"),
    _composed("composition: unknown key", "label: darts\n"),
    _composed("composition: unknown kind of task", "tasks: {ice: {kind: classes, source: virtual_ice_types}}\n"),
    _composed("composition: unknown source of images", "tasks: {ice: {kind: class, source: virtual_ice_type}}\n"),
    _composed("composition: no kind of task", "tasks: {ice: {source: virtual_ice_types}}\n"),
    _composed(
        "composition: file that the source does not fetch",
        "tasks: {ice: {kind: frames, source: virtual_ice_fields, fetched: [ice_series]}}\n",
    ),
)

PARAMETERS = (
    _parameter("parameter: unknown key", "gird: h3_4\n"),
    _parameter("parameter: unknown key in a section", LABELS.format("min_observed_fractoin: 0.5"), "labels"),
    _parameter("parameter: unknown section", "lables: {years: [2021]}\n", "labels"),
    _parameter("parameter: number as text", LABELS.format('min_observed_fraction: "0.5"'), "labels"),
    _parameter("parameter: `no` for a number", LABELS.format("min_observed_fraction: no"), "labels"),
    _parameter("parameter: null for a number", LABELS.format("min_observed_fraction: null"), "labels"),
    _parameter("parameter: NaN", LABELS.format("min_observed_fraction: .nan"), "labels"),
    _parameter("parameter: infinity", "modelling: {folds: {buffer_m: .inf}}", "modelling"),
    _parameter("parameter: share above 1", LABELS.format("min_observed_fraction: 1.5"), "labels"),
    _parameter("parameter: list for a number", MODELLING.format("n_bootstrap: [1000]"), "modelling"),
    _parameter("parameter: number for a section", "labels: 3\n", "labels"),
    _parameter("seed: negative", "random_seed: -1\n"),
    _parameter("seed: text", "random_seed: nine\n"),
    _parameter("seed: broken number", "random_seed: 1.5\n"),
    _parameter("grid: unknown", "grid: s2_4\n"),
    _parameter("grid: level out of range", "grid: h3_9\n"),
    _parameter("grid: level alone", "grid: 4\n"),
    _parameter("grid: path that leaves the project", "grid: ../h3_4\n"),
    _parameter("years: reversed", LABELS.format("years: [2023, 2022]"), "labels"),
    _parameter("years: twice", LABELS.format("years: [2022, 2022]"), "labels"),
    _parameter("years: none", LABELS.format("years: []"), "labels"),
    _parameter("years: before all sensors", LABELS.format("years: [1800]"), "labels"),
    _parameter("years: as text", LABELS.format('years: ["2022"]'), "labels"),
    _parameter("years: range as one word", LABELS.format("years: 2021-2023"), "labels"),
    _parameter("years: labels without features", LABELS.format("years: [2020]"), "labels"),
    _parameter("years: a model applied to years without features", "apply: {years: [2030]}", "apply"),
    _parameter("years: predictions without features", MODELLING.format("prediction_years: [2030]"), "modelling"),
    _parameter("years: predictions reversed", MODELLING.format("prediction_years: [2022, 2021]"), "modelling"),
    _parameter("years: pooled after the label year", LABELS.format("years: [2021], pooled_from: 2022"), "labels"),
    _parameter("labels: outlines without years, not pooled", "labels: {coverage: {every_year: null}}", "labels"),
    _parameter("region: two at once", "grids: {region: {min_lat_deg: 60, file: a.gpkg}}", "grids"),
    _parameter("region: latitude beyond the pole", "grids: {region: {min_lat_deg: 91}}", "grids"),
    _parameter("region: latitude and longitude exchanged", SWAPPED, "grids"),
    _parameter("classes: one", MODELLING.format("n_classes: 1"), "modelling"),
    _parameter("classes: five", MODELLING.format("n_classes: 5"), "modelling"),
    _parameter("features: none", MODELLING.format("features: []"), "modelling"),
    _parameter("features: one name for a list", MODELLING.format("features: slope_mean_deg"), "modelling"),
    _parameter("folds: one", "modelling: {folds: {n_folds: 1}}", "modelling"),
    _parameter("folds: negative buffer", "modelling: {folds: {buffer_m: -1}}", "modelling"),
    _parameter("folds: unknown scheme", "modelling: {folds: {schemes: [spatial, regions]}}", "modelling"),
    _parameter("folds: without the spatial scheme", "modelling: {folds: {schemes: [knndm, random]}}", "modelling"),
    _parameter("boxes: none", "modelling: {tuning: {candidates: {espa: {n_boxes: 0}}}}", "modelling"),
    _parameter("models: unknown", MODELLING.format("models: [espa, xgbost]"), "modelling"),
    _parameter("models: one twice", MODELLING.format("models: [espa, espa, prevalence]"), "modelling"),
    _parameter("models: map by an unknown one", MODELLING.format("map_model: random_florest"), "modelling"),
    _parameter(
        "models: map by one that is not compared", MODELLING.format("map_model: histogram_boosting"), "modelling"
    ),
    _parameter("candidates: of an unknown model", "modelling: {tuning: {candidates: {xgbost: []}}}", "modelling"),
    _parameter("candidates: unknown setting", "modelling: {tuning: {candidates: {logistic: {D: 1.0}}}}", "modelling"),
    _parameter(
        "candidates: different numbers", "modelling: {tuning: {candidates: {logistic: {C: [0.1, 1.0]}}}}", "modelling"
    ),
    _parameter("device: unknown", MODELLING.format("tuning: {device: gpu}"), "modelling"),
    _parameter("report: year as text", 'reporting: {year_names: {"2021": pooled}}', "reporting"),
    _parameter("report: plumbing check without notice", "reporting: {purpose: plumbing check}", "reporting"),
    _parameter("rasters: name with capitals", ICE, "features"),
    _parameter("climate: year that starts in summer", "features: {climate: {arctic_year_start_month: 7}}", "features"),
)

COMMANDS = (
    _given("--params: unknown key", gird="h3_4"),
    _given("--params: text for a number", random_seed="nine"),
    _given("--params: unknown key in a section", labels={"min_observed_fractoin": 0.5}),
    _given("--params: data_root in a virtual world", data_root="/files"),
    BadInput("--env: unknown", partial(_read, files={}, given={}, environment="nowhere")),
    BadInput("--env: slip of one letter", partial(_read, files={}, given={}, environment="mina")),
    _asked("--pipelines: unknown", pipeline_names=["modeling"]),
    _asked("--pipelines: of another composition", pipeline_names=["download"]),
    _asked("--tags: unknown", tags=["terain"]),
    _asked("--tags: one of two unknown", tags=["terrain", "climte"]),
    _asked("--nodes: unknown", node_names=["modelling.scores"]),
    _asked("--nodes: without its pipeline", node_names=["score"]),
    _asked("--from-nodes: unknown", from_nodes=["modelling.scorre"]),
    _asked("--to-outputs: unknown", to_outputs=["prediction"]),
    _asked("--from-inputs: unknown", from_inputs=["cell"]),
    _asked("--namespaces: unknown", namespaces=["modeling"]),
    _asked("--tags: none in the pipeline", pipeline_names=["labels"], tags=["terrain"]),
    _asked("--tags: none of the steps", node_names=["modelling.score"], tags=["darts"]),
    BadInput("--load-versions: of a dataset without versions", lambda _: check_versions({"rts": VERSION})),
)

CATALOG = (
    _entry("catalog: unknown type", "rts_file: {type: entropice.io.VectorFileDatset, filepath: a.gpkg}"),
    _entry("catalog: no type", "rts_file: {filepath: a.gpkg}"),
    _entry("catalog: no path", f"rts_file: {{{RTS}}}"),
    _entry("catalog: unknown setting", f"rts_file: {{{RTS}, filepath: a.gpkg, layr: b}}"),
    _entry("catalog: path alone", "rts_file: a.gpkg"),
    _entry("catalog: number for a path", f"rts_file: {{{RTS}, filepath: 3}}"),
    _entry("catalog: versions asked for", f"rts_file: {{{RTS}, filepath: a.gpkg, versioned: true}}"),
    _entry("catalog: in two files", f"rts_file: {{{RTS}, filepath: a.gpkg}}", also="catalog.yml"),
    _entry("catalog: pickle", "rts_file: {type: pickle.PickleDataset, filepath: a.pkl}"),
    _entry("catalog: slip in a name", f"rts_fiel: {{{RTS}, filepath: a.gpkg}}"),
    _target("virtual file: outside work_root", lambda folder: folder / "files/rts.gpkg"),
    _target("virtual file: among files of a user", lambda folder: folder / "data/mine/rts.gpkg", "data/mine/my.gpkg"),
    _target("virtual file: in place of a user's", lambda folder: folder / "data/mine/rts.gpkg", "data/mine/rts.gpkg"),
)


def _provoke_folder(folder: Path) -> None:
    (folder / "data").write_text("a file")
    check_writable(folder / "data/mine")


def _provoke_features(folder: Path) -> None:
    composition = "world: null\nlabels: polygons\nfeatures: [era5_fields]\n"
    features = MODELLING.format("features: [thawing_degree_days_c_d, frost_number]")
    files = {"composition.yml": composition, "modelling/parameters.yml": features}
    configuration = read_configuration(_loader(folder, files, {}))
    check_features(configuration.composition, configuration.parameters, configuration.origin)


def _provoke_slip(folder: Path) -> None:
    features = MODELLING.format("features: [slope_maen_deg]")
    configuration = read_configuration(_loader(folder, {"modelling/parameters.yml": features}, {}))
    check_features(configuration.composition, configuration.parameters, configuration.origin)


RUNS = (
    BadInput("before a run: work_root cannot be made", _provoke_folder),
    BadInput("before a run: features of another environment", _provoke_features),
    BadInput("before a run: slip in the name of a feature", _provoke_slip),
)

BAD_INPUTS = (*RUNS, *FILES, *COMPOSITIONS, *PARAMETERS, *COMMANDS, *CATALOG)
