"""The pages of the dock, in their order: the one place that names them."""

from __future__ import annotations

from .cell_tab import CellTab
from .compare_tab import CompareTab
from .images_tab import ImagesTab
from .run_tab import RunTab
from .survey_tab import SurveyTab
from .tab import Tab

TABS: tuple[type[Tab], ...] = (CellTab, CompareTab, SurveyTab, RunTab, ImagesTab)
