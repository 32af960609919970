"""What a user reads of a planned cost."""

import pytest

from entropice.cost.table import SourceCost, amount, table

COSTS = [
    SourceCost("terrain", 1750, 17_100_000_000, 68_400_000_000, False, 2_000_000_000, 4300.0, "the region"),
    SourceCost("embeddings", 9, 960, 15, True, 64_000_000, 0.1, "the plan of the files"),
]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 "), (999, "999 "), (1000, "1 k"), (1_234_567, "1.23 M"), (17.1e9, "17.1 G"), (2e12, "2 T")],
)
def test_amounts_have_three_digits(number: float, text: str) -> None:
    assert amount(number) == text


def test_every_source_has_a_row_and_every_column_a_name() -> None:
    header, *rows = table(COSTS).splitlines()

    assert header.split()[:4] == ["source", "tiles", "values", "bytes"]
    assert rows[0].split("  ")[0] == "terrain"
    assert "1,750" in rows[0]
    assert "17.1 G" in rows[0]
    assert "68.4 GB to come" in rows[0]
    assert "72 min" in rows[0]
    assert "15 B here" in rows[1]
    assert rows[0].index("the region") == rows[1].index("the plan") == header.index("known from")
