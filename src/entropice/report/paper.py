"""How large figures are on paper."""

from typing import Final

WIDTH_MM: Final = 180.0
"""Two columns of a page."""
COLUMN_MM: Final = 88.0
"""One column of a page."""
DOTS_PER_INCH: Final = 300
MM_PER_INCH: Final = 25.4
