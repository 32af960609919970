"""The pages, in the order in which they stand."""

from typing import Final

from entropice.dashboard.pages.compare import COMPARE
from entropice.dashboard.pages.drivers import DRIVERS
from entropice.dashboard.pages.map_page import MAP
from entropice.dashboard.pages.page import Page
from entropice.dashboard.pages.survey import SURVEY
from entropice.dashboard.pages.training import TRAINING
from entropice.dashboard.pages.validation import VALIDATION

PAGES: Final[tuple[Page, ...]] = (TRAINING, VALIDATION, DRIVERS, MAP, COMPARE, SURVEY)
"""One declaration each."""
