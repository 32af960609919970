"""``kedro figures``: every chart and map as a file for papers, never into a run, and nothing is fetched."""

import hashlib
import json
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from PIL import Image

from entropice import open_run
from entropice.cli import cli
from entropice.figures import command
from entropice.figures.captions import captions
from entropice.figures.charts import chart_figure
from entropice.figures.choices import choices_shown
from entropice.figures.maps import columns_of, map_figures
from entropice.report.chart_files import chart_svg
from entropice.report.charts import CHARTS, find_chart
from entropice.report.maps import Atlas
from entropice.report.paper import COLUMN_MM, DOTS_PER_INCH, MM_PER_INCH, WIDTH_MM
from entropice.report.run_folder import RunFolder, write_run_folder
from entropice.report.scales import Categorical, Category
from entropice.runs import Run

SVG = "{http://www.w3.org/2000/svg}svg"
QUANTITIES = {"slumps", "land", "p_any_rts", "p_any_low", "driver_1", "survey_rank"}
"""Two that are no cells, one without a scale, and one of each kind of map."""


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*"))}


def _said(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["figures", *arguments])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def run_path(make_run_folder: Callable[..., RunFolder], fabricated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose map model has no boxes, and whose manifest names a few quantities."""
    folder = tmp_path_factory.mktemp("of_figures") / "run"
    folder.mkdir()
    none = {"boxes": fabricated.boxes.head(0), "box_values": fabricated.box_values.head(0)}
    write_run_folder(make_run_folder(**none), folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    few = [layer for layer in manifest["layers"] if layer["quantity"] in QUANTITIES]
    (folder / "manifest.json").write_text(json.dumps(manifest | {"layers": few}))
    return folder


@pytest.fixture(scope="module")
def run(run_path: Path) -> Run:
    return open_run(run_path)


@pytest.fixture(scope="module")
def written(run_path: Path) -> Path:
    before = _digests(run_path)
    result = CliRunner().invoke(cli, ["figures", str(run_path)])
    assert result.exit_code == 0, result.output
    assert _digests(run_path) == before
    return run_path.with_name("run_figures")


def test_every_chart_and_map_is_there_or_is_told_to_be_missing(written: Path, run: Run) -> None:
    keys = {path.stem for path in written.glob("*.svg")}

    assert {path.stem for path in written.glob("*.png")} == keys
    assert {chart.key for chart in CHARTS} - keys == {"boxes", "map"}
    assert {key for key in keys if key.startswith("map_")} == {"map_p_any_rts", "map_driver_1", "map_survey_rank"}
    text = (written / "captions.md").read_text()
    assert re.findall(r"^`(\w+)\.svg`", text, re.M) == sorted(keys, key=lambda key: text.index(f"`{key}.svg`"))
    assert "- What sets a box apart (boxes): This run has no boxes." in text


def test_figures_have_the_width_of_a_page_or_a_column(written: Path) -> None:
    for path in written.glob("*.svg"):
        assert ElementTree.parse(path).getroot().tag == SVG  # noqa: S314 - our own file
        with Image.open(path.with_suffix(".png")) as picture:
            width_mm = picture.width / DOTS_PER_INCH * MM_PER_INCH
            assert min(abs(width_mm - WIDTH_MM), abs(width_mm - COLUMN_MM)) < 0.1, path.name
            assert round(picture.info["dpi"][0]) == DOTS_PER_INCH


@pytest.mark.parametrize(("key", "width_mm"), [("map_survey_rank", COLUMN_MM), ("map_p_any_rts", WIDTH_MM)])
def test_a_map_alone_is_a_column_wide_and_maps_of_years_are_a_page(written: Path, key: str, width_mm: float) -> None:
    with Image.open(written / f"{key}.png") as picture:
        assert picture.width / DOTS_PER_INCH * MM_PER_INCH == pytest.approx(width_mm, abs=0.1)


@pytest.mark.parametrize("key", ["confusion", "outcome_map"])
def test_the_same_chart_has_the_same_bytes(key: str, written: Path, run: Run) -> None:
    again = chart_figure(find_chart(key), run)

    assert again.svg == (written / f"{key}.svg").read_bytes()
    assert again.png == (written / f"{key}.png").read_bytes()


def test_the_same_map_has_the_same_bytes(written: Path, run: Run) -> None:
    again = next(map_figures(run))

    assert again.svg == (written / f"{again.key}.svg").read_bytes()
    assert again.png == (written / f"{again.key}.png").read_bytes()


@pytest.mark.parametrize(("n_panels", "n_columns"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (7, 3)])
def test_rows_of_panels_are_as_full_as_can_be(n_panels: int, n_columns: int) -> None:
    assert columns_of(n_panels) == n_columns


def test_keys_of_maps_stay_inside_their_figure(run: Run) -> None:
    """Forty features of long names, which have to stand in rows."""
    cells = run.frame("cells")
    layer = next(layer for layer in run.facts.layers if layer.quantity == "driver_1")
    items = tuple(
        Category(str(n), f"a feature whose name needs a line of its own, number {n}", "#0072b2") for n in range(40)
    )
    panels = {"2021": replace(layer, scale=Categorical(items)), "2022": replace(layer, scale=Categorical(items))}

    figure = Atlas(cells, run.frame("land")).series(cells, panels, 2, WIDTH_MM / MM_PER_INCH)

    figure.draw_without_rendering()
    (key,) = [axes.get_legend().get_window_extent() for axes in figure.axes if axes.get_legend() is not None]
    assert key.x0 >= 0
    assert key.x1 <= figure.bbox.x1
    assert 0 <= key.y0 < key.y1 <= min(axes.get_window_extent().y0 for axes in figure.axes if axes.get_title("left"))


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (
            "scores",
            "Drawn with score, one of 5 in report and dashboard: log skill (more is better).",
        ),
        ("outcome_map", "Drawn with year, one of 2 in report and dashboard: 2018–2022, pooled."),
        ("reliability", "In full colour: eSPA, attainable limit (Bayes-optimal); all others are pale."),
    ],
)
def test_captions_tell_what_was_chosen(key: str, told: str, run: Run) -> None:
    chart = find_chart(key)

    assert told in choices_shown(chart.specification(chart.frame(run), run.facts))


def test_captions_say_what_the_run_says_of_itself_and_mark_up_nothing(run: Run) -> None:
    manifest = run.manifest | {"notice": "Old <b>files</b> *and* [this](x)\n# here", "beaten": {"statement": "Beaten."}}

    text = captions(manifest, [], [])

    assert r"**Old \<b\>files\</b\> \*and\* \[this\](x) \# here**" in text
    assert "**Beaten.**" in text


def test_a_hostile_name_is_text(run: Run) -> None:
    name = "</text><script>alert(1)</script>'\""
    classes = (name, *run.facts.class_names[1:])
    hostile = replace(run.facts, class_names=classes)
    chart = find_chart("class_shares")
    frame = chart.frame(run).replace({"class": {run.facts.class_names[0]: name}})

    drawn = chart_svg(chart.specification(frame, hostile) | {"width": 300})
    svg = ElementTree.fromstring(drawn)  # noqa: S314 - our own text

    assert name in "".join(svg.itertext())
    assert [element for element in svg.iter() if element.tag.endswith("script")] == []


def test_nothing_is_fetched(tmp_path: Path) -> None:
    text = {"mark": "text", "encoding": {"text": {"field": "x"}}}
    (tmp_path / "rows.json").write_text('[{"x": "a secret"}]')
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/rows.json"
        with pytest.raises(ValueError, match="not allowed"):
            chart_svg({"data": {"url": address}} | text)
        with pytest.raises(TimeoutError):
            server.accept()
    assert b"a secret" not in chart_svg({"data": {"url": (tmp_path / "rows.json").as_uri()}} | text)


@pytest.mark.parametrize(
    ("place", "what"),
    [
        (".", "never written into a run"),
        ("below/it", "never written into a run"),
        ("../full", "holds something"),
        ("../full/file", "There is a file"),
        ("../full/file/below", "cannot be written"),
    ],
)
def test_places_that_are_taken_are_refused_before_any_work(place: str, what: str, run_path: Path) -> None:
    full = run_path.parent / "full"
    full.mkdir(exist_ok=True)
    (full / "file").write_text("mine")
    before = _digests(run_path), _digests(full)

    said = _said(str(run_path), "--to", str(run_path / place))

    assert what in said
    assert "--to FOLDER" in said
    assert (_digests(run_path), _digests(full)) == before


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "NEEDED", "a_package_that_is_absent")

    assert "pip install -e '.[figures]'" in _said(str(tmp_path))


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    assert "This folder is not an Entropice run." in _said(str(tmp_path))
