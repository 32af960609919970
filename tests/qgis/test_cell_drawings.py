from dataclasses import replace
from itertools import pairwise

import pytest
from drawn_pixels import colour_at, colours_along, columns_with
from entropice.core.cell_report import Chance, Driver, Observation, YearOfCell
from entropice.core.features import Distribution, FeatureInCell, ResponsePoint
from entropice.core.important_sets import ImportantSet
from entropice.ui.chance_bar import ChanceBar
from entropice.ui.drawing import FULL, Drawing
from entropice.ui.driver_bar import DriverBar
from entropice.ui.feature_strip import FeatureStrip
from entropice.ui.history_chart import HistoryChart
from qgis.PyQt.QtCore import QPointF, Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest

BLUE = "#0000ff"
WIDTHS_PX = (120, 250, 600)
ALONE = ImportantSet("a", "A", frozenset({"a"}), 0.5, 0.125, is_discovery=True)
CHANCE_LEVEL = replace(ALONE, importance=0.1, null_q95=0.05, is_discovery=False)
ELEVATION = Distribution(
    ((0.0, 0.0), (0.5, 100.0), (1.0, 400.0)), (0.0, 100.0, 200.0, 300.0, 400.0), (8.0, 4.0, 0.0, 2.0)
)
RESPONSE = (ResponsePoint(50, -0.2, -0.25, -0.15), ResponsePoint(350, 0.2, 0.1, 0.25))
STATES = {"observed_with": "#b2480a", "observed_without": "#bcd4e6", "unobserved": "#9c9c9c"}


@pytest.fixture(params=["light", "dark"])
def palette(request: pytest.FixtureRequest) -> QPalette:
    palette = QPalette()
    ground, text = {"light": ("#efefef", "#000000"), "dark": ("#2b2b2b", "#e6e6e6")}[request.param]
    palette.setColor(QPalette.ColorRole.Window, QColor(ground))
    palette.setColor(QPalette.ColorRole.WindowText, QColor(text))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#3daee9"))
    return palette


def sized(drawing: Drawing, palette: QPalette, width_px: int = 250) -> Drawing:
    drawing.setPalette(palette)
    drawing.resize(width_px, drawing.height_px())
    return drawing


def driver(share: float, tested: ImportantSet | None = None) -> Driver:
    return Driver("a", "A", share, BLUE, None, tested)


def driver_bar(palette: QPalette, shown: Driver, width_px: int = 250) -> DriverBar:
    bar = sized(DriverBar("Driver"), palette, width_px)
    bar.show_driver(shown, 1.0, "words")
    return bar


@pytest.mark.parametrize("width_px", WIDTHS_PX)
@pytest.mark.parametrize("share", [0, 0.1, 0.5, 1])
def test_a_bar_is_as_long_as_its_probability(palette: QPalette, width_px: int, share: float):
    bar = sized(ChanceBar("P"), palette, width_px)
    bar.show_chance(Chance(share), BLUE, "words")
    assert colours_along(bar).count(BLUE) == pytest.approx(share * bar.track().width(), abs=1.5)


def test_a_bar_without_a_colour_is_grey_and_its_room_is_outlined(palette: QPalette):
    bar = sized(ChanceBar("P"), palette)
    bar.show_chance(Chance(0.25), None, "words")
    assert "#a8a8a8" in colours_along(bar)
    ground = palette.color(QPalette.ColorRole.Window).name()
    assert colours_along(bar)[int(bar.track().right()) - 3] == ground
    assert colours_along(bar)[int(bar.track().right())] != ground


def test_the_range_of_a_probability_is_a_line_between_two_ends(palette: QPalette):
    bar = sized(ChanceBar("P"), palette)
    bar.show_chance(Chance(0.25, 0.125, 0.75), BLUE, "words")
    track = bar.track()
    ink = bar.ink(FULL).lightness()
    image = bar.grab().toImage()
    drawn = [
        x_px
        for x_px in range(image.width())
        if abs(image.pixelColor(x_px, int(track.center().y())).lightness() - ink) < 60
    ]
    inside = [x_px for x_px in drawn if track.left() + 2 < x_px < track.right() - 2]
    left_px, right_px = (track.left() + track.width() * share for share in (0.125, 0.75))
    assert (min(inside), max(inside)) == pytest.approx((left_px, right_px), abs=2)


@pytest.mark.parametrize("width_px", WIDTHS_PX)
@pytest.mark.parametrize("share", [-1, -0.5, -0.1, 0, 0.25, 1])
def test_a_driver_is_drawn_from_the_centre_to_its_side(palette: QPalette, width_px: int, share: float):
    bar = driver_bar(palette, driver(share), width_px)
    centre_px, half_px = bar.track().center().x(), bar.track().width() / 2
    blue = [x_px for x_px, colour in enumerate(colours_along(bar)) if colour == BLUE]
    assert len(blue) == pytest.approx(abs(share) * half_px, abs=2.5)
    assert all((x_px - centre_px) * share > 0 for x_px in blue)


def test_the_centre_line_stands_out_from_bar_and_ground(palette: QPalette):
    for share in (-0.5, 0, 0.5):
        bar = driver_bar(palette, driver(share))
        colour = colour_at(bar, QPointF(bar.track().center().x(), 1))
        assert abs(colour.lightness() - palette.color(QPalette.ColorRole.Window).lightness()) > 100


def test_a_driver_that_is_not_told_apart_from_chance_is_hatched(palette: QPalette):
    full = colours_along(driver_bar(palette, driver(0.8, ALONE))).count(BLUE)
    hatched = colours_along(driver_bar(palette, driver(0.8, CHANCE_LEVEL))).count(BLUE)
    assert 0 < hatched < full / 2


@pytest.mark.parametrize(("share", "tested"), [(-0.8, ALONE), (0.8, ALONE), (0.8, CHANCE_LEVEL)])
def test_marks_show_what_means_nothing(palette: QPalette, share: float, tested: ImportantSet):
    bar = driver_bar(palette, driver(share, tested))
    bare = driver_bar(palette, driver(share))
    differing = [
        x_px for x_px, (one, other) in enumerate(zip(top_row(bar), top_row(bare), strict=True)) if one != other
    ]
    centre_px, half_px = bar.track().center().x(), bar.track().width() / 2
    null_px = tested.null_share(share) * half_px
    assert (min(differing), max(differing)) == pytest.approx((centre_px - null_px, centre_px + null_px), abs=2)


def top_row(bar: DriverBar) -> list[str]:
    image = bar.grab().toImage()
    return [image.pixelColor(x_px, 1).name() for x_px in range(image.width())]


def feature(value: float | None, response: tuple[ResponsePoint, ...] = ()) -> FeatureInCell:
    return FeatureInCell("a", "A", "m", True, value, ELEVATION, response)


def strip(palette: QPalette, shown: FeatureInCell) -> FeatureStrip:
    drawn = FeatureStrip("Value")
    drawn.show_feature(shown, "words")
    return sized(drawn, palette)


@pytest.mark.parametrize("value", [20.0, 250.0, 390.0])
def test_a_marker_stands_at_the_value(palette: QPalette, value: float):
    drawn = strip(palette, feature(value))
    marked = columns_with(drawn, drawn.marker_colour())
    room = drawn.histogram()
    assert sum(marked) / len(marked) == pytest.approx(room.left() + room.width() * value / 400, abs=1.5)


@pytest.mark.parametrize(("value", "side"), [(-50.0, "left"), (450.0, "right")])
def test_a_value_beyond_the_ends_points_outwards(palette: QPalette, value: float, side: str):
    drawn = strip(palette, feature(value))
    marked = columns_with(drawn, drawn.marker_colour())
    end_px = drawn.histogram().left() if side == "left" else drawn.histogram().right()
    assert (min(marked) if side == "left" else max(marked)) == pytest.approx(end_px, abs=7)
    assert abs((min(marked) if side == "left" else max(marked)) - end_px) > 2


def test_an_unknown_value_has_no_marker(palette: QPalette):
    drawn = strip(palette, feature(None))
    assert columns_with(drawn, drawn.marker_colour()) == []


def test_bins_are_as_high_as_their_counts(palette: QPalette):
    drawn = strip(palette, feature(None))
    image, room = drawn.grab().toImage(), drawn.histogram()
    ground = palette.color(QPalette.ColorRole.Window)
    heights = []
    for index in range(4):
        x_px = int(room.left() + room.width() * (index + 0.5) / 4)
        column = [image.pixelColor(x_px, y_px) for y_px in range(int(room.top()), int(room.bottom()) - 1)]
        heights.append(sum(colour != ground for colour in column))
    assert heights == pytest.approx([room.height(), room.height() / 2, 0, room.height() / 4], abs=2.5)


def test_a_response_is_a_line_that_rises_with_the_probability(palette: QPalette):
    drawn = strip(palette, feature(None, RESPONSE))
    assert drawn.height_px() > strip(palette, feature(None)).height_px()
    image, room = drawn.grab().toImage(), drawn.response()
    places = [y_of_ink(image, drawn, int(room.left() + room.width() * share)) for share in (0.15, 0.4, 0.6, 0.85)]
    assert all(left > right for left, right in pairwise(places))


def y_of_ink(image, drawn: FeatureStrip, x_px: int) -> float:
    """Where the line crosses a column of pixels: the pixel most like ink."""
    ink, room = drawn.ink(FULL).lightness(), drawn.response()
    rows = range(int(room.top()), int(room.bottom()) + 1)
    return min(rows, key=lambda y_px: abs(image.pixelColor(x_px, y_px).lightness() - ink))


def test_values_that_are_all_alike_are_drawn(palette: QPalette):
    alike = Distribution(((0.0, 5.0), (1.0, 5.0)), (5.0, 5.0), (8.0,))
    drawn = strip(palette, replace(feature(5.0), distribution=alike))
    (low, *_, high) = columns_with(drawn, drawn.marker_colour())
    assert (low + high) / 2 == pytest.approx(drawn.histogram().center().x(), abs=1.5)


def observed(state: str) -> Observation:
    return Observation(state, state, STATES.get(state), 1.0, None)


HISTORY = (
    YearOfCell(2021, "2021", Chance(0.1, 0.05, 0.2), observed("observed_without")),
    YearOfCell(2022, "2022", Chance(0.3, 0.2, 0.4), observed("observed_with")),
    YearOfCell(2023, "2023", None, observed("unobserved")),
)


@pytest.fixture
def chart(palette: QPalette) -> HistoryChart:
    chart = HistoryChart("History")
    chart.show_history(HISTORY, 2022, "words")
    return sized(chart, palette)


def test_the_history_has_a_dot_at_each_probability(chart: HistoryChart):
    assert chart.place(1, 0.3).y() < chart.place(0, 0.1).y()
    for index, share in ((0, 0.1), (1, 0.3)):
        assert colour_at(chart, chart.place(index, share)) == chart.dot_colour()
    assert len(columns_with(chart, chart.dot_colour())) < 20


def test_the_history_has_the_range_of_each_probability(chart: HistoryChart):
    for index, share in ((0, 0.07), (0, 0.19), (1, 0.22), (1, 0.38)):
        place = chart.place(index, share)
        assert colour_at(chart, place) != colour_at(chart, place + QPointF(6, 0))
    for index, share in ((0, 0.25), (1, 0.1), (1, 0.46)):
        place = chart.place(index, share)
        assert colour_at(chart, place) == colour_at(chart, place + QPointF(6, 0))


def test_the_history_has_a_sign_and_a_colour_for_what_was_observed(chart: HistoryChart):
    assert colour_at(chart, chart.glyph(0)).name() == STATES["observed_without"]
    assert colour_at(chart, chart.glyph(1)).name() == STATES["observed_with"]
    corner = QPointF(3, 3)
    assert colour_at(chart, chart.glyph(1) + corner).name() != STATES["observed_with"]
    assert colour_at(chart, chart.glyph(2) + corner) == colour_at(chart, chart.glyph(2) - corner)


def test_the_shown_year_stands_on_a_band(chart: HistoryChart):
    corners = [colour_at(chart, QPointF(chart.place(index, 0).x(), chart.plot().top() + 2)) for index in range(3)]
    assert corners[0] == corners[2] != corners[1]


@pytest.mark.parametrize("n_years", [1, 12, 40])
def test_a_history_of_any_length_is_drawn(palette: QPalette, n_years: int):
    chart = HistoryChart("History")
    years = [replace(HISTORY[0], year=1985 + index) for index in range(n_years)]
    chart.show_history(years, 1985, "words")
    sized(chart, palette)
    assert colour_at(chart, chart.place(n_years - 1, 0.1)) == chart.dot_colour()


def test_a_drawing_takes_the_focus_and_shows_it(palette: QPalette):
    bar = driver_bar(palette, driver(0.5))
    before = colour_at(bar, QPointF(0, 0))
    bar.show()
    bar.activateWindow()
    assert QTest.qWaitForWindowActive(bar)
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    assert bar.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert bar.hasFocus()
    assert colour_at(bar, QPointF(0, 0)) != before
    assert (bar.accessibleName(), bar.accessibleDescription()) == ("Driver", "words")
