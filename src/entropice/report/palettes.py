"""Colours shared by the figures and the map styles; ordered ramps and sets that colour-blind readers can tell apart."""

from collections.abc import Sequence
from typing import Final

PROBABILITY_RAMP: Final = ("#fff7d1", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#7f2704")
"""ColorBrewer YlOrBr, its ends moved apart (colorbrewer2.org)."""

ENTROPY_RAMP: Final = ("#f3fad6", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
"""ColorBrewer YlGnBu, its light end slightly darker than paper."""

DOUBT_RAMP: Final = ("#e3d9f0", "#cdbfe3", "#b5a4d4", "#9d8ac5", "#8470b5", "#6a51a3", "#4a1486")
"""ColorBrewer Purples, its light end dark enough to stand out from paper."""

CHANGE_RAMP: Final = ("#542788", "#8073ac", "#b2abd2", "#f4efd6", "#fdb863", "#e08214", "#b35806")
"""ColorBrewer PuOr, losses first; its middle warm enough to stand out from paper."""

NO_RTS: Final = "#d5dee6"
UNOBSERVED: Final = "#9c9c9c"

STATE_COLOURS: Final = {
    "observed_with": "#b2480a",
    "observed_without": "#bcd4e6",
    "unobserved": UNOBSERVED,
}
STATE_LABELS: Final = {
    "observed_with": "observed, with slumps",
    "observed_without": "observed, without slumps",
    "unobserved": "unobserved",
}

AGREEMENT_COLOURS: Final = {
    "miss": "#8c2d04",
    "hit": "#fdbe85",
    "false_alarm": "#08519c",
    "correct_negative": "#cfe1f2",
    "unobserved": UNOBSERVED,
}
"""Warm where slumps were observed, cool where none were; dark what was missed or a false alarm."""
AGREEMENT_LABELS: Final = {
    "miss": "slumps, missed",
    "hit": "slumps, forecast",
    "false_alarm": "none, false alarm",
    "correct_negative": "none, as forecast",
    "unobserved": "unobserved",
}

APPLICABILITY_COLOURS: Final = {"inside": "#cfe3d4", "outside": "#8c6bb1"}
APPLICABILITY_LABELS: Final = {"inside": "may be trusted", "outside": "not to be trusted"}

GATE_COLOURS: Final = {"looked_at": "#a6cee3", "left_out": "#9a9a9a"}
GATE_LABELS: Final = {"looked_at": "looked at", "left_out": "left out"}

NOT_IMAGED: Final = "#dbe7ee"
"""Cells that no image shows, where others are coloured by what was found."""

CHOICE_COLOURS: Final = {"best": "#0b5c8f", "random": "#d01c8b"}
CHOICE_LABELS: Final = {"best": "chosen as best", "random": "drawn at random"}

CATEGORIES: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
"""Okabe and Ito's colour set (jfly.uni-koeln.de/color)."""

OTHER: Final = "#a8a8a8"
LAND: Final = "#efefec"


def evenly_spaced(ramp: Sequence[str], n_colours: int) -> list[str]:
    """``n_colours`` of a ramp in its order; the ends are kept, a single colour is the darkest.

    Of n colours number i (from 0) is at place i (m − 1) / (n − 1) of a ramp of m, rounded, halves to the even place. Of
    more colours than the ramp has, some come several times; of 0 none.

    Examples
    --------
    >>> evenly_spaced(["light", "middle", "dark"], 2), evenly_spaced(["light", "middle", "dark"], 1)
    (['light', 'dark'], ['dark'])
    """
    if n_colours == 1:
        return [ramp[-1]]
    last = len(ramp) - 1
    return [ramp[round(i * last / (n_colours - 1))] for i in range(n_colours)]


def class_colours(class_names: Sequence[str]) -> dict[str, str]:
    """The first class (no slumps) is cool, the rest warm and darker with density: ``#rrggbb`` by class.

    That of the first is `NO_RTS`, those of the others are `evenly_spaced` on `PROBABILITY_RAMP` without its two
    lightest.

    Examples
    --------
    >>> class_colours(["none", "few", "many"])
    {'none': '#d5dee6', 'few': '#fec44f', 'many': '#7f2704'}
    """
    return {class_names[0]: NO_RTS} | dict(
        zip(class_names[1:], evenly_spaced(PROBABILITY_RAMP[2:], len(class_names) - 1), strict=True)
    )


def red_green_blue(colour: str) -> tuple[int, int, int]:
    """``"#rrggbb"`` as three integers from 0 to 255.

    Examples
    --------
    >>> red_green_blue("#ff8000")
    (255, 128, 0)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
