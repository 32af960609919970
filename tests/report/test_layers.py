import numpy as np

from entropice.report.layers import cells_styles, driver_colours, drivers_style
from entropice.report.palettes import CATEGORIES, OTHER


def test_breaks_become_legend_labels() -> None:
    styles = cells_styles(["none", "some"], np.array([0.0, 0.05, 0.5]), np.array([0.0, 0.7]))
    by_name = {style.name: style.qml for style in styles}
    assert 'label="0 – 5 %"' in by_name["probability"]
    assert 'label="5 – 50 %"' in by_name["probability"]
    assert 'label="0 – 0.7"' in by_name["entropy"]


def test_the_most_frequent_drivers_get_colours_the_rest_grey(tables) -> None:
    names = [f"feature_{number:02d}" for number in range(10)]
    table = tables[2021].assign(driver_1=np.resize(np.repeat(names, np.arange(10, 0, -1)), len(tables[2021])))
    colours = driver_colours({2021: table})
    assert list(colours.values()) == [*CATEGORIES, OTHER, OTHER, OTHER]
    assert "other (3)" in drivers_style({2021: table}, {name: name for name in names}).qml


def test_a_missing_driver_is_no_driver(tables) -> None:
    table = tables[2021].assign(driver_1=None)
    table.loc[0, "driver_1"] = "slope_sd_deg"
    assert list(driver_colours({2021: table})) == ["slope_sd_deg"]
