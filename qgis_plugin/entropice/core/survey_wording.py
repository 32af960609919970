"""What a survey plan is told in, and the places that a user gives as text."""

from __future__ import annotations

from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .survey_cells import Place
from .survey_plan import SurveyPlan

EXAMPLE = "-133.7, 68.4; -147.7, 64.8"


def summary(plan: SurveyPlan) -> tuple[tuple[str, str], ...]:
    """Names and values of what a plan is and promises: five pairs of texts.

    They are the cells chosen, the cost, the land, the expected cells with slumps, and bits of information and finds.
    The expected cells have the sums of the ends of the 90 % ranges behind them, where all are known.
    """
    return (
        (tr("Cells chosen"), tr("%1 of %2", f"{len(plan.choices):,}", f"{plan.n_candidates:,}")),
        (tr("Cost"), tr("%1 of %2 km²", f"{plan.spent_km2:,.0f}", f"{plan.budget_km2:,.0f}")),
        (tr("Land of the cells"), f"{plan.land_km2:,.0f} km²"),
        (tr("Expected cells with slumps"), f"{plan.n_expected:.1f}{_range(plan)}"),
        (tr("Expected information and finds"), tr("%1 bits", f"{plan.gain_bits:.1f}")),
    )


def _range(plan: SurveyPlan) -> str:
    """The ends of the cells' 90 % ranges, added up: the widest that the expectation can lie apart."""
    ends = plan.n_expected_range
    return "" if ends is None else f" ({ends[0]:.1f} – {ends[1]:.1f})"


def places_in(text: str, folder: Path) -> tuple[Place, ...]:
    """The places of a text such as ``-133.7, 68.4; -147.7, 64.8``: longitude, latitude in degrees; none where empty.

    Semicolons separate places; empty parts are passed over. Bounds are included; `folder` is named in errors alone.

    Raises
    ------
    RunFolderError
        The text is something else, or a number is no longitude or latitude.

    Examples
    --------
    >>> places_in("-133.7, 68.4; ", Path("run"))
    (Place(lon_deg=-133.7, lat_deg=68.4),)
    """
    return tuple(_place(pair, folder) for pair in text.split(";") if pair.strip())


def _place(text: str, folder: Path) -> Place:
    try:
        lon_deg, lat_deg = (float(number) for number in text.split(","))
    except ValueError as problem:
        raise _no_place(text, folder) from problem
    if not (-180 <= lon_deg <= 180 and -90 <= lat_deg <= 90):
        raise _no_place(text, folder)
    return Place(lon_deg, lat_deg)


def _no_place(text: str, folder: Path) -> RunFolderError:
    return RunFolderError(
        tr("No survey can be planned."),
        path=folder,
        field="places",
        got=repr(text.strip()),
        expected=tr("longitude (−180 to 180), latitude (−90 to 90) in degrees"),
        fix=tr("Write places such as %1", EXAMPLE),
    )
