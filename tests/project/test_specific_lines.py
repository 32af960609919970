"""Less than 15 % of the lines of the rooms of imagery belong to one system alone."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2]

TOY = {
    "app": "from entropice.imagery.shared import shown\n\nshown()\n",
    "virtual_scenes": "from entropice.imagery.shared import drawn\n\n\ndef scene():\n    return drawn()\n",
    "pipelines/image_sources/registry": "from entropice.virtual_scenes import scene\n\nSOURCES = (scene,)\n",
    "imagery/shared": """
        LIMIT = 1
        STEP = 2


        def shown():
            return STEP


        def drawn():
            return _deeper() + LIMIT + STEP


        def _deeper():
            from entropice.imagery import deep

            return deep.value()


        def never():
            return 1
    """,
    "imagery/deep": "OFFSET = 1\n\n\ndef value():\n    return OFFSET\n\n\ndef other():\n    return 2\n",
    "pipelines/tasks/all": "from entropice.pipelines.image_sources.registry import SOURCES\n\nALL = SOURCES\n",
}


@pytest.fixture
def counting() -> ModuleType:
    spec = importlib.util.spec_from_file_location("specific_lines", PROJECT / "docs/specific_lines.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_only_a_deleted_system_used_is_specific(
    counting: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from textwrap import dedent

    for name, text in (TOY | {"main": "from entropice.pipelines.tasks.all import ALL\n\nprint(ALL)\n"}).items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    monkeypatch.setattr(counting, "PACKAGE", tmp_path)

    shares = counting.specific_lines("slumps")

    # LIMIT, drawn, _deeper; OFFSET and value of the other module; nothing that is shown, and nothing never used
    assert shares["imagery"] == (1 + 2 + 3 + 1 + 2, 16)
    assert shares["pipelines.tasks"] == (0, 2)


@pytest.mark.parametrize("system", ["slumps", "sea ice", "human modification"])
def test_a_system_has_less_than_15_percent(counting: ModuleType, system: str) -> None:
    shares = counting.specific_lines(system)

    specific, n_all = (sum(column) for column in zip(*shares.values(), strict=True))
    assert n_all > 5000
    assert specific >= shares["pipelines.image_sources"][0] > 0
    assert specific / n_all < 0.15
