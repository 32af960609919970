"""The pages, in the order in which they stand."""

from typing import Final

from entropice.dashboard.views.compare import COMPARE
from entropice.dashboard.views.drivers import DRIVERS
from entropice.dashboard.views.map_page import MAP
from entropice.dashboard.views.page import Page
from entropice.dashboard.views.survey import SURVEY
from entropice.dashboard.views.training import TRAINING
from entropice.dashboard.views.validation import VALIDATION

PAGES: Final[tuple[Page, ...]] = (TRAINING, VALIDATION, DRIVERS, MAP, COMPARE, SURVEY)
"""One declaration each."""
