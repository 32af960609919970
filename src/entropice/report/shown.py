"""What a chart is drawn of: tables, and what their rows are called in front of readers."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from entropice.types import DataFrame


class Facts(Protocol):
    """What charts call the rows of tables."""

    @property
    def noun(self) -> str:
        """What the tables tell of, in one word."""

    @property
    def table_titles(self) -> Mapping[str, str]:
        """Of every table that there is, by name."""

    def filled(self, text: str) -> str:
        """A text for readers, names of their own in place of those in braces; doubled braces become single ones."""


def literal(text: str) -> str:
    """A text from elsewhere as part of one that `Facts.filled` fills: its own braces stay.

    Examples
    --------
    >>> literal("p{any}"), literal("p{any}").format()
    ('p{{any}}', 'p{any}')
    """
    return text.replace("{", "{{").replace("}", "}}")


FactsT = TypeVar("FactsT", bound=Facts)
FactsT_co = TypeVar("FactsT_co", bound=Facts, covariant=True)


class Tables(Protocol[FactsT_co]):
    """Tables, and what they mean."""

    @property
    def facts(self) -> FactsT_co:
        """Titles and their order."""

    def frame(self, table: str) -> DataFrame:
        """The rows, with their columns, of a table of ``facts.table_titles``; null is unknown."""


TablesT = TypeVar("TablesT", bound=Tables[Any])
