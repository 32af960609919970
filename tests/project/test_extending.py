"""Every kind of thing that docs/extending.md explains is added in the files it lists, and works."""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from project_copy import copy_project, kedro, kedro_environment

SRC = "src/entropice"


@dataclass(frozen=True)
class Project:
    """A copy of the project with something added."""

    folder: Path

    def python(self, code: str) -> str:
        """What a script prints that imports the copy."""
        environment = kedro_environment() | {"PYTHONPATH": str(self.folder / "src")}
        result = subprocess.run(
            [sys.executable, "-W", "error::UserWarning", "-c", code],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert result.returncode == 0, result.stderr[-3000:]
        return result.stdout

    def kedro(self, *arguments: str) -> str:
        result = kedro(self.folder, *arguments)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        return result.stdout


Edit = tuple[str, str]


@pytest.fixture
def extended(project_path: Path, tmp_path: Path) -> Callable[..., Project]:
    """Write new files and replace text in others, in a copy; all of them must be named under a heading of the page."""
    page = (project_path / "docs/extending.md").read_text()

    def extend(heading: str, new: Mapping[str, str], edits: Mapping[str, Edit]) -> Project:
        section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", page, re.M | re.S)
        assert section is not None, heading
        named = [re.sub(r"<\w+>", r"[^/]+", path) for path in re.findall(r"`([\w/.<>-]+)`", section[1])]
        folder = copy_project(project_path, tmp_path / "project")
        for path in (*new, *edits):
            assert any(re.match(pattern, path) or path.endswith(f"/{pattern}") for pattern in named), path
        for path, text in new.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        for path, (before, after) in edits.items():
            text = (folder / path).read_text()
            assert before in text, (path, before)
            (folder / path).write_text(text.replace(before, after, 1))
        return Project(folder)

    return extend


def test_a_source_of_features(extended: Callable[..., Project]) -> None:
    project = extended(
        "A source of features",
        {
            f"{SRC}/pipelines/sources/place/__init__.py": "",
            f"{SRC}/pipelines/sources/place/declaration.py": '''"""Where a cell is."""

from kedro.pipeline import Node

from entropice.pipelines.sources.declaration import WHERE, FeatureSource, Licence
from entropice.pipelines.sources.work import Extent, Work
from entropice.types import Dataset, GeoDataFrame


def derive_place(
    land: GeoDataFrame, cells: GeoDataFrame, grid: str, years: list[int], min_known_fraction: float
) -> Dataset:
    """The latitude of each cell's centre."""
    import numpy as np

    from entropice.derive.cube import Feature, cell_cube
    from entropice.dggs import parse_grid

    latitude = Feature(
        name="latitude_deg",
        dimensions=("cell",),
        cell_values=cells["lat_deg"].to_numpy(),
        known_fraction=np.ones(len(cells)),
        group="place",
        units="degree_north",
        long_name="latitude of the centre",
        source="grid",
        statistic="value",
        years="",
    )
    return cell_cube([latitude], cells, parse_grid(grid).metadata, years, min_known_fraction)


def _nodes() -> list[Node]:
    return [Node(derive_place, ["land", *WHERE], "place_features", name="derive_place", tags=["place"])]


def _work(extent: Extent) -> Work:
    return Work(1, 1000, 8000, 8000)


PLACE = FeatureSource(
    "place",
    licence=Licence("Place", "none", "Place: everybody knows.", "here"),
    is_local=True,
    group="place",
    dataset="place_features",
    files="land",
    nodes=_nodes,
    work=_work,
    values_per_s=1e6,
)
''',
            "conf/test/composition.yml": "features: [era5_monthly, arcticdem, alphaearth, place]\n",
        },
        {
            f"{SRC}/pipelines/sources/registry.py": (
                "ARCTICDEM, ALPHAEARTH",
                "ARCTICDEM, ALPHAEARTH, PLACE",
            ),
            "conf/base/features/catalog.yml": (
                "\nfeatures:\n  type: entropice.io.CellCubeDataset\n",
                "\nplace_features:\n  type: entropice.io.CellCubeDataset\n"
                "  filepath: ${grid_root:}/04_feature/place_features.zarr\n\n"
                "\nfeatures:\n  type: entropice.io.CellCubeDataset\n",
            ),
        },
    )
    registry = project.folder / f"{SRC}/pipelines/sources/registry.py"
    registry.write_text(
        registry.read_text().replace(
            "from entropice.pipelines.sources.rasters",
            "from entropice.pipelines.sources.place.declaration import PLACE\nfrom entropice.pipelines.sources.rasters",
        )
    )

    assert re.search(r"^features.derive_place +1 tiles, 1 k values", project.kedro("cost", "--env", "test"), re.M)
    printed = project.python(
        """
import geopandas as gpd, numpy as np, shapely
from entropice.dggs import parse_grid
from entropice.pipelines.composition import Composition
from entropice.pipelines.features.nodes import assemble_features
composition = Composition(world="virtual_arctic", labels="darts", features=("place",))
(node,) = composition.feature_sources[0].nodes()
ids = parse_grid("h3_3").cells_north_of(88.0)
lat_deg = parse_grid("h3_3").centres(ids)[1]
columns = {"cell_id": ids, "lat_deg": lat_deg, "land_fraction": 1.0}
cells = gpd.GeoDataFrame(columns, geometry=[shapely.Point()] * len(ids))
cube = assemble_features(cells, node.func(cells, cells, "h3_3", [2023], 0.5))
print(list(cube.data_vars), float(cube["latitude_deg"].min()) >= 88.0)
"""
    )
    assert printed.split() == ["['latitude_deg']", "True"]


def test_a_model(extended: Callable[..., Project]) -> None:
    project = extended(
        "A model",
        {
            f"{SRC}/learning/models/uniform.py": '''"""All classes alike."""

from functools import partial
from typing import Any

from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_coordinates, refitted


def make(recipe: Recipe) -> Any:
    """Guess."""
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="uniform", random_state=recipe.random_seed)


MODEL = Model(name="uniform", title="guessing", fit=partial(fit_coordinates, make), storage=refitted(make))
'''
        },
        {
            f"{SRC}/learning/models/__init__.py": (
                "            prevalence.MODEL,\n",
                "            prevalence.MODEL,\n            uniform.MODEL,\n",
            )
        },
    )
    registry = project.folder / f"{SRC}/learning/models/__init__.py"
    registry.write_text(registry.read_text().replace("    xgboost,\n)", "    uniform,\n    xgboost,\n)", 1))

    printed = project.python(
        """
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.app.configuration.parameters import validate_parameters
from entropice.pipelines.composition import Composition
from entropice.pipelines.reporting.texts import declared_texts
from entropice.settings import CONFIG_LOADER_ARGS
loader = RootedConfigLoader("conf", env="test", **CONFIG_LOADER_ARGS)
raw = dict(loader["parameters"])
models = [*raw["modelling"]["models"], "uniform"]
raw["modelling"] = dict(raw["modelling"]) | {"models": models, "map_model": "uniform"}
parameters = validate_parameters(raw, Composition.model_validate(loader["composition"]))
print(parameters.section("modelling", "map_model"), [model.title for model in declared_texts().models])
"""
    )

    assert printed.startswith("uniform ")
    assert "guessing" in printed


def test_a_score(extended: Callable[..., Project]) -> None:
    project = extended(
        "A score",
        {},
        {
            f"{SRC}/learning/scores/registry.py": (
                "            calibration.ECE,\n",
                '            Score("share", "share of rows", "of all rows", lambda resampled: resampled.n_rows / 6),\n'
                "            calibration.ECE,\n",
            )
        },
    )

    printed = project.python(
        """
import numpy as np, pandas as pd
from entropice.learning.scores import score_table
from entropice.pipelines.reporting.texts import declared_texts
rows = pd.DataFrame({"scheme": "spatial", "fold": 0, "model": "prevalence", "cell_id": np.arange(6, dtype=np.uint64),
    "year": 2023, "class_": ["none", "many"] * 3, "p_none": 0.5, "p_many": 0.5})
places = pd.DataFrame({"block": [0, 0, 1, 1, 2, 2], "land_area_m2": 1.0}, index=rows["cell_id"])
table = score_table(rows, places, 0, 100).set_index("score")
print(table.loc["share", "value"], [score.title for score in declared_texts().scores])
"""
    )

    assert printed.startswith("1.0 ")
    assert "share of rows" in printed


def test_a_section_of_the_report(extended: Callable[..., Project]) -> None:
    project = extended(
        "A section of the report",
        {
            f"{SRC}/report/sections/size.py": '''"""How large the run is."""

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The number of cells."""
    return Markup("<p>{} cells</p>").format(len(content.frame("cells")))


SECTION = Section("size", "Size", draw)
'''
        },
        {f"{SRC}/report/sections/__init__.py": ("    qgis.SECTION,\n", "    size.SECTION,\n    qgis.SECTION,\n")},
    )
    registry = project.folder / f"{SRC}/report/sections/__init__.py"
    registry.write_text(registry.read_text().replace("    scores,\n", "    scores,\n    size,\n", 1))

    printed = project.python(
        """
from entropice.report.html_report import draw_section
from entropice.report.sections import SECTIONS
from types import SimpleNamespace
section = next(section for section in SECTIONS if section.key == "size")
print(draw_section(section, SimpleNamespace(frame=lambda name: [1, 2, 3])))
"""
    )

    assert "<p>3 cells</p>" in printed


def test_a_page_of_the_dashboard(extended: Callable[..., Project]) -> None:
    project = extended(
        "A page of the dashboard",
        {
            f"{SRC}/dashboard/views/size.py": '''"""How large the runs are."""

import streamlit as st

from entropice.dashboard.views.page import Chosen, Page


def _show(chosen: Chosen) -> None:
    st.info(f"{len(chosen.runs)} runs")


SIZE = Page("Size", "How large are the runs?", (), _show)
'''
        },
        {
            f"{SRC}/dashboard/views/__init__.py": (
                "views.survey import SURVEY\n",
                "views.survey import SURVEY\nfrom entropice.dashboard.views.size import SIZE\n",
            )
        },
    )
    registry = project.folder / f"{SRC}/dashboard/views/__init__.py"
    registry.write_text(registry.read_text().replace("COMPARE, SURVEY)", "COMPARE, SURVEY, SIZE)", 1))

    printed = project.python(
        """
from streamlit.testing.v1 import AppTest
from entropice.dashboard.views import PAGES
test = AppTest.from_string(
    "from entropice.dashboard.views import PAGES, page; PAGES[-1].show(page.Chosen((), None))"
)
print(PAGES[-1].title, test.run().info[0].value)
"""
    )

    assert "Size 0 runs" in printed


def test_a_grid(extended: Callable[..., Project]) -> None:
    project = extended(
        "A grid",
        {
            f"{SRC}/dggs/other_grid.py": '''"""H3 under another name."""

from entropice.dggs.h3_grid import H3Grid


class OtherGrid(H3Grid):
    """Another grid."""

    @property
    def name(self) -> str:
        """Its name."""
        return "other"
'''
        },
        {
            f"{SRC}/grid_keys.py": (
                "GRID_SYSTEMS: Final = (\n",
                "GRID_SYSTEMS: Final = (\n"
                '    GridSystem("other", range(3, 5), 122, 7, block_level=2, n_pentagons=2),\n',
            ),
            f"{SRC}/dggs/keys.py": ('{"h3": H3Grid,', '{"other": OtherGrid, "h3": H3Grid,'),
        },
    )
    keys = project.folder / f"{SRC}/dggs/keys.py"
    keys.write_text(
        keys.read_text().replace(
            "from entropice.grid_keys", "from entropice.dggs.other_grid import OtherGrid\nfrom entropice.grid_keys"
        )
    )

    printed = project.python(
        """
from entropice.dggs import parse_grid
from entropice.grid_keys import n_cells_of_earth
from entropice.pipelines.modelling.splitting import FoldParameters
grid = parse_grid("other_3")
assert FoldParameters().block_level.other == 2
print(grid.key, len(grid.cells_north_of(85.0)) > 0, n_cells_of_earth("other_3") == n_cells_of_earth("h3_3"))
"""
    )

    assert printed.split() == ["other_3", "True", "True"]
    assert "climate" in project.kedro("cost", "--env", "test", "--params", "grid=other_3")


def test_a_task(extended: Callable[..., Project], project_path: Path) -> None:
    """An entry of composition, and parameters: the steps, datasets and checks of the other tasks are its own."""
    parameters = (project_path / "conf/slump_imagery/parameters.yml").read_text()
    project = extended(
        "A task",
        {
            "conf/scars/composition.yml": (
                "world: null\nlabels: null\nfeatures: []\npipelines: [scenes, samples, training, evaluation]\n"
                "tasks:\n  scars: {kind: mask, source: virtual_slumps}\n"
            ),
            "conf/scars/globals.yml": "work_root: data/scars\nbase_root: data/virtual_arctic\nsize: tiny\n",
            "conf/scars/parameters.yml": parameters.replace("slumps:\n    bands", "scars:\n    bands").replace(
                "      slumps:\n        virtual_slumps", "      scars:\n        virtual_slumps"
            ),
        },
        {},
    )

    listed = project.python(
        "from pathlib import Path; from kedro.framework.startup import bootstrap_project; "
        "from kedro.framework.session import KedroSession; bootstrap_project(Path.cwd()); "
        "context = KedroSession.create(env='scars').load_context(); "
        "from kedro.framework.project import pipelines; "
        "print(*[node.name for node in pipelines['__default__'].nodes]); "
        "print(context.catalog.get('scars.network').path); "
        "print(context.parameters.task('scars').training.n_epochs)"
    ).splitlines()

    assert "scars.train_network" in listed[-3].split()
    assert listed[-2].endswith("data/scars/h3_4/tiny/06_models/scars_network")
    assert listed[-1] == "6"
    wrong = kedro(project.folder, "run", "--env", "scars", "--params", "tasks.scars.training.n_epcohs=3")
    assert "did you mean n_epochs?" in wrong.stdout + wrong.stderr


def test_a_pipeline(extended: Callable[..., Project]) -> None:
    project = extended(
        "A pipeline",
        {
            f"{SRC}/pipelines/greeting/__init__.py": "",
            f"{SRC}/pipelines/greeting/pipeline.py": '''"""A pipeline of one step."""

from kedro.pipeline import Node, Pipeline

from entropice.base_model import StrictModel
from entropice.pipelines.declaration import PipelineDeclaration


class GreetingParameters(StrictModel):
    """Whom to greet."""

    name: str


def greet(parameters: GreetingParameters) -> str:
    """Say hello."""
    return f"Hello {parameters.name}"


def create_pipeline(composition: object) -> Pipeline:
    """One step."""
    return Pipeline(
        [Node(greet, "params:greeting", "greeting", name="greet")],
        namespace="greeting",
        prefix_datasets_with_namespace=False,
    )


GREETING = PipelineDeclaration("greeting", create_pipeline, GreetingParameters)
''',
            "conf/hello/composition.yml": "world: null\nlabels: null\nfeatures: []\npipelines: [greeting]\n",
            "conf/hello/globals.yml": "work_root: data/hello\n",
            "conf/hello/greeting/parameters.yml": "greeting:\n  name: Arctic\n",
            "conf/hello/greeting/catalog.yml": (
                "greeting:\n  type: entropice.io.TextDataset\n  filepath: ${grid_root:}/greeting.txt\n"
            ),
        },
        {
            f"{SRC}/pipelines/registry.py": ("    COMPARISON,\n)", "    COMPARISON,\n    GREETING,\n)"),
        },
    )
    registry = project.folder / f"{SRC}/pipelines/registry.py"
    registry.write_text(
        registry.read_text().replace(
            "from entropice.pipelines.grids",
            "from entropice.pipelines.greeting.pipeline import GREETING\nfrom entropice.pipelines.grids",
            1,
        )
    )

    project.kedro("run", "--env", "hello")

    assert (project.folder / "data/hello/h3_4/greeting.txt").read_text() == "Hello Arctic"
    wrong = kedro(project.folder, "run", "--env", "hello", "--params", "greeting.nmae=X")
    assert "did you mean name?" in wrong.stdout + wrong.stderr
