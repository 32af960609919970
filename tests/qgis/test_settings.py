"""What a user has set has its effect, and nothing else remembers it."""

from collections.abc import Iterator

import pytest
from entropice.adapter.stored_settings import PREFIX, store, stored
from entropice.core.run_folder import Run
from entropice.core.settings import BUDGET_KM2, FIRST_QUANTITY, N_RECENT, SETTINGS, SHOWS_ABOVE, SHOWS_BELOW
from entropice.core.survey_terms import survey_terms
from entropice.ui.plugin import EntropicePlugin
from entropice.ui.runs_dialog import recent_folders, remember
from entropice.ui.settings_page import SettingsPage
from entropice.ui.survey_tab import SurveyTab
from qgis.core import QgsProject, QgsSettings


@pytest.fixture(autouse=True)
def unset() -> Iterator[None]:
    names = [*(setting.name for setting in SETTINGS), "recent"]
    before = {name: QgsSettings().value(PREFIX + name) for name in names}
    for name in names:
        QgsSettings().remove(PREFIX + name)
    yield
    for name, value in before.items():
        QgsSettings().setValue(PREFIX + name, value) if value is not None else QgsSettings().remove(PREFIX + name)


@pytest.mark.parametrize("is_set", [False, True])
def test_a_run_opens_as_it_was_set(plugin: EntropicePlugin, run: Run, project: QgsProject, is_set: bool):
    if is_set:
        store(FIRST_QUANTITY, "class")
        store(SHOWS_ABOVE, True)
        store(SHOWS_BELOW, False)
        store(BUDGET_KM2, 1234)

    plugin.open_run(run.folder)

    shown = plugin.explorer.run
    group = project.layerTreeRoot().children()[0]
    seen = {node.name().split(" · ")[0]: node.isVisible() for node in group.children()}
    assert (shown.selection.quantity == "class") == is_set
    assert [seen[layer.title] for layer in shown.plan.above] == [is_set] * len(shown.plan.above)
    assert [seen[layer.title] for layer in shown.plan.below] == [not is_set] * len(shown.plan.below)
    budget_km2 = 1234.0 if is_set else survey_terms(run.manifest).budget_km2
    assert plugin.explorer.dock.tab(SurveyTab).form.budget_km2.value() == budget_km2


def test_a_run_without_the_quantity_that_was_set_shows_its_own(plugin: EntropicePlugin, run: Run, latest: int):
    store(FIRST_QUANTITY, "no_such_quantity")

    plugin.open_run(run.folder)

    assert (plugin.explorer.run.selection.quantity, plugin.explorer.run.selection.year) == ("p_any_rts", latest)


def test_as_many_recent_runs_are_kept_as_are_set(tmp_path):
    store(N_RECENT, 2)
    for name in "abc":
        remember(tmp_path / name)

    assert recent_folders() == [str(tmp_path / "c"), str(tmp_path / "b")]


def test_the_page_shows_and_keeps_every_setting_and_a_wrong_entry_counts_as_none(qgis_app):
    QgsSettings().setValue(PREFIX + N_RECENT.name, "many")
    page = SettingsPage()
    assert list(page.fields) == [setting.name for setting in SETTINGS]

    page.apply()

    assert [stored(setting) for setting in SETTINGS] == [setting.default for setting in SETTINGS]
