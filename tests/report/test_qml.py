import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from entropice.report.layers import Layer
from entropice.report.qml import style_qml, tip_of
from entropice.report.scales import Categorical, Category, Graduated, Other, Scale

HOSTILE = "a<b>&\"c'"


def layer_with(scale: Scale | None, column: str = "p") -> Layer:
    return Layer(
        name=column, table="cells", column=column, quantity=column, year=None, title=HOSTILE, description="", unit="1",
        group="prediction", on_map=True, format="percent", scale=scale,
    )  # fmt: skip


def root_of(scale: Scale, column: str = "p", tip: str = "tip") -> ElementTree.Element:
    qml = style_qml(column, layer_with(scale, column), tip)
    assert qml is not None
    return ElementTree.fromstring(qml)  # noqa: S314 - text made two lines above


def test_a_graduated_style_has_one_borderless_symbol_per_interval() -> None:
    renderer = root_of(Graduated((0.0, 0.05, 0.5), ("#ffffff", "#7f2704")), "p_any_rts").find("renderer-v2")
    assert renderer is not None
    assert renderer.attrib["attr"] == "p_any_rts"
    ranges = [(r.attrib["lower"], r.attrib["upper"], r.attrib["label"]) for r in renderer.iter("range")]
    assert ranges == [("0.0", "0.05", "0 – 5 %"), ("0.05", "0.5", "5 – 50 %")]
    options = [o.attrib for o in renderer.iter("Option") if "name" in o.attrib]
    assert [o["value"] for o in options if o["name"] == "color"] == ["255,255,255,255", "127,39,4,255"]
    assert {o["value"] for o in options if o["name"] == "outline_style"} == {"no"}


def test_all_other_values_share_one_category_and_null_has_none() -> None:
    scale = Categorical((Category("a", "A", "#000000"), Category("b", "B", "#111111")), Other("other (2)", "#a8a8a8"))
    root = root_of(scale, "driver_1")
    renderer = root.find("renderer-v2")
    assert renderer is not None
    assert renderer.attrib["attr"] == (
        "CASE WHEN \"driver_1\" IN ('a', 'b') THEN \"driver_1\" WHEN \"driver_1\" IS NOT NULL THEN 'other (2)' END"
    )
    assert [c.attrib["value"] for c in root.iter("category")] == ["a", "b", "other (2)"]


def test_text_from_outside_stays_text() -> None:
    root = root_of(Categorical((Category(HOSTILE, HOSTILE, "#000000"),)), "class_2023", tip=HOSTILE)
    category = next(root.iter("category"))
    assert category.attrib["value"] == HOSTILE
    assert category.attrib["label"] == HOSTILE
    assert root.findtext("mapTip") == HOSTILE


def test_a_layer_without_a_scale_has_no_style() -> None:
    assert style_qml("p", layer_with(None), "") is None


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layer_with(None), "[% round(100 * \"p\", 1) || ' %' %]"),
        (replace(layer_with(None), format="number"), '[% round("p", 3) %]'),
        (
            layer_with(Categorical((Category("few", "a few", "#000000"),))),
            "[% coalesce(map_get(map('few', 'a few'), \"p\"), \"p\") %]",
        ),
    ],
    ids=["percent", "number", "categories"],
)
def test_a_tip_says_values_as_readers_would(layer: Layer, expected: str) -> None:
    assert expected in tip_of({"p": layer})
