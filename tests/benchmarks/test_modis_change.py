import pandas as pd

from benchmarks.modis_change import measures_of, over_networks


def _table(network: float, difference: float) -> pd.DataFrame:
    rows = [
        ("network", None, network),
        ("difference", None, difference),
        ("network", "difference", network - difference),
    ]
    return pd.DataFrame(rows, columns=["model", "compared_with", "value"]).assign(ground="clear land")


def test_networks_are_averaged_beside_their_rival() -> None:
    told = over_networks([measures_of(_table(0.08, 0.06)), measures_of(_table(0.04, 0.06))])

    assert "| clear land | false change |" in told
    assert "| network | 0.060 ± 0.254 (2 of 2) |" in told
    assert "| network less difference | 0.000 ± 0.254 (1 of 2) |" in told
