import xml.etree.ElementTree as ElementTree

from entropice.report.qml import Category, Interval, categorised_qml, graduated_qml

HOSTILE = "a<b>&\"c'"


def root_of(qml: str) -> ElementTree.Element:
    return ElementTree.fromstring(qml)  # noqa: S314 - text made two lines above


def test_a_graduated_style_has_one_borderless_symbol_per_interval() -> None:
    steps = [Interval(0.0, 0.5, "low", "#ffffff"), Interval(0.5, 1.0, "high", "#7f2704")]
    root = root_of(graduated_qml("p_any_rts", steps, "tip"))
    renderer = root.find("renderer-v2")
    assert renderer is not None
    assert renderer.attrib["attr"] == "p_any_rts"
    ranges = [(r.attrib["lower"], r.attrib["upper"], r.attrib["label"]) for r in renderer.iter("range")]
    assert ranges == [("0.0", "0.5", "low"), ("0.5", "1.0", "high")]
    options = [o.attrib for o in renderer.iter("Option") if "name" in o.attrib]
    assert [o["value"] for o in options if o["name"] == "color"] == ["255,255,255,255", "127,39,4,255"]
    assert {o["value"] for o in options if o["name"] == "outline_style"} == {"no"}


def test_a_category_may_hold_several_values() -> None:
    qml = categorised_qml(
        "driver_1", [Category(("a",), "A", "#000000"), Category(("b", "c"), "other (2)", "#a8a8a8")], ""
    )
    single, several = root_of(qml).iter("category")
    assert single.attrib["value"] == "a"
    assert "value" not in several.attrib
    assert [value.attrib["value"] for value in several.iter("val")] == ["b", "c"]


def test_text_from_outside_stays_text() -> None:
    root = root_of(categorised_qml("class_", [Category((HOSTILE,), HOSTILE, "#000000")], HOSTILE))
    category = next(root.iter("category"))
    assert category.attrib["value"] == HOSTILE
    assert category.attrib["label"] == HOSTILE
    assert root.findtext("mapTip") == HOSTILE
