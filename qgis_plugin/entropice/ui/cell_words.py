"""What a report says, as sentences in the user's language; null is said as unknown."""

from __future__ import annotations

from collections.abc import Sequence

from ..adapter.legend import range_text
from ..adapter.translate import tr
from ..core.cell_report import Applicability, Bar, CellReport, Chance, Driver, Observation, YearOfCell
from ..core.features import FeatureInCell
from ..core.language import filled
from ..core.wording import number_text, percent, signed
from .imagery_words import imagery_comparison, imagery_lines

_DIGITS = 3
_NEAR_THE_END = 0.01
_UNKNOWN_GROUPS, _FAR, _UNLIKE = "unknown: ", "far: ", "unlike training data"


def chance_text(chance: Chance | None) -> str:
    """A probability and its range.

    Percentages have one decimal; None is "unknown", and a range is told where both of its ends are known.
    """
    if chance is None:
        return tr("unknown")
    if chance.low is None or chance.high is None:
        return percent(chance.value)
    return tr("%1 (90 % range %2 to %3)", *map(percent, (chance.value, chance.low, chance.high)))


def bar_text(bar: Bar) -> str:
    """A class, its probability, and the slump area that it stands for.

    The area is left out where the run does not tell it.
    """
    area = "" if bar.area is None else f" ({range_text(bar.area)})"
    return f"{bar.label} {chance_text(bar.chance)}{area}"


def density_text(density_m2_per_km2: float | None) -> str:
    """The expected density of slumps in m² per km² of land, three digits; None is told as unknown."""
    if density_m2_per_km2 is None:
        return tr("Expected slump area: unknown")
    return tr("Expected slump area: %1\u00a0m² per km² of land", number_text(density_m2_per_km2, _DIGITS))


def observed_text(observation: Observation | None) -> str:
    """What was seen, how many slumps were counted, and of how much of the land: one sentence.

    Count and share are left out where they are unknown; None is that the run does not say.
    """
    if observation is None:
        return tr("The run does not say what was observed.")
    parts = [observation.label]
    if observation.count is not None:
        parts.append(tr("slumps counted: %1", number_text(observation.count, _DIGITS)))
    if observation.fraction is not None:
        parts.append(tr("imaged share of the land: %1", percent(observation.fraction)))
    return "; ".join(parts) + "."


def applicability_text(applicability: Applicability | None) -> str:
    """Whether the map may be trusted here, and if not, why: one sentence.

    Reasons are those of the run, parted by ``; `` and put into words as far as they are known; a verdict that is
    neither ``inside`` nor ``outside`` is told as the map calls it.
    """
    if applicability is None:
        return tr("The run does not say whether the map may be trusted here.")
    if applicability.verdict == "inside":
        return tr("The map may be trusted here.")
    reasons = "; ".join(_reason_text(reason) for reason in (applicability.reasons or "").split("; ") if reason)
    if applicability.verdict == "outside":
        return tr("The map is not to be trusted here: %1.", reasons or tr("no reason is told"))
    return tr("Trust in the map here: %1.", "; ".join(filter(None, (applicability.label, reasons))))


def _reason_text(reason: str) -> str:
    if reason.startswith(_UNKNOWN_GROUPS):
        return tr("unknown features (%1)", reason.replace(_UNKNOWN_GROUPS, "", 1))
    if reason.startswith(_FAR):
        return tr("the nearest training cell is %1 away", reason.replace(_FAR, "", 1))
    return tr("its features are unlike the training data") if reason == _UNLIKE else reason


def driver_text(driver: Driver) -> str:
    """What a driver adds to the log-odds of any slump, or else whether it speaks for what is said of the cell.

    The share is a percentage with one decimal and its sign; log-odds have two digits.
    """
    share = percent(driver.share)
    if driver.log_odds is not None:
        return tr("%1 log-odds of any slump (share %2)", signed(driver.log_odds), share)
    if driver.share < 0:
        return tr("share %1: speaks against what is said of the cell", share)
    return tr("share %1: speaks for what is said of the cell", share)


def scale_text(drivers: Sequence[Driver], limit: float) -> str:
    """What the sides of the bars of drivers mean, and how far they reach.

    `limit` is a share in 0..1, told as a percentage; whether log-odds are known decides what the sides mean.
    """
    if any(driver.log_odds is not None for driver in drivers):
        text = tr(
            "Right raises the probability of any slump, left lowers it; bars reach to ± %1 % of all contributions."
        )
    else:
        text = tr(
            "Right speaks for what is said of the cell, left against it; bars reach to ± %1 % of all contributions."
        )
    return filled(text, number_text(100 * limit, 2))


def null_text(driver: Driver) -> str:
    """That a driver is not told apart from features without meaning; empty where it is, or was not tested."""
    if driver.tested is None or driver.tested.is_discovery:
        return ""
    return tr("Not told apart from features without meaning: do not read it as a cause.")


def marks_text(drivers: Sequence[Driver]) -> str:
    """What the marks beside bars of drivers mean.

    It is one of two sentences: that marks show what chance reaches, or that the run has tested none of them.
    """
    if any(driver.tested for driver in drivers):
        return tr("Dashed marks: what features without meaning would reach.")
    return tr("The run did not test them against features without meaning.")


def driver_description(driver: Driver) -> str:
    """All about a driver, for screen readers.

    Name, what it adds, and, where it was tested, what that says, as sentences in one line.
    """
    return ". ".join(filter(None, (f"{driver.label}: {driver_text(driver)}", null_text(driver), _tested_text(driver))))


def _tested_text(driver: Driver) -> str:
    if driver.tested is None:
        return ""
    importance, null_q95 = (number_text(value, 2) for value in (driver.tested.importance, driver.tested.null_q95))
    text = tr("Importance of its set (%1): %2 nats; without meaning it would reach %3.")
    return filled(text, driver.tested.title, importance, null_q95)


def value_text(feature: FeatureInCell) -> str:
    """The value of a feature in the cell and where it lies among the training rows.

    The value has three digits and its unit; it is said in words where the run keeps none, or does not know it here.
    """
    if not feature.is_kept:
        return tr("The run keeps no values of this feature.")
    if feature.value is None:
        return tr("Unknown in this cell and year.")
    value = f"{number_text(feature.value, _DIGITS)} {feature.unit}".rstrip()
    place = place_text(feature)
    return f"{value}: {place}" if place else value


def place_text(feature: FeatureInCell) -> str:
    """A quantile in words; empty where value or distribution is unknown.

    Below or above all training rows; among the lowest or highest 1 %; else higher than so many per cent of them, in
    whole numbers.
    """
    value, distribution = feature.value, feature.distribution
    if value is None or distribution is None:
        return ""
    if value < distribution.lowest:
        return tr("below all training rows")
    if value > distribution.highest:
        return tr("above all training rows")
    below = distribution.share_below(value)
    if below < _NEAR_THE_END:
        return tr("among the lowest 1 % of the training rows")
    if below > 1 - _NEAR_THE_END:
        return tr("among the highest 1 % of the training rows")
    return tr("higher than %1 % of the training rows", f"{100 * below:.0f}")


def response_text(feature: FeatureInCell) -> str:
    """How the probability responds to a feature; empty where the run does not say.

    It tells the effects at the first and the last point in percentage points, with their sign.
    """
    if not feature.response:
        return ""
    ends = [signed(100 * effect) for effect in (feature.response[0].effect, feature.response[-1].effect)]
    return tr("Curve: the probability of any slump beside its mean, %1 to %2 points from left to right.", *ends)


def feature_description(feature: FeatureInCell) -> str:
    """All about a feature, for screen readers.

    Title, value and response, as sentences in one line.
    """
    return ". ".join(filter(None, (f"{feature.title}: {value_text(feature)}", response_text(feature))))


def year_text(year: YearOfCell) -> str:
    """One year of the history.

    Name of the year, probability with its range, and what was observed, where the run says it.
    """
    observed = "" if year.observation is None else f", {observed_text(year.observation)}"
    return f"{year.name}: {chance_text(year.chance)}{observed}"


def missing_text(tables: Sequence[str]) -> str:
    """What the dock cannot show because the run has no tables for it; empty where it has all."""
    if not tables:
        return ""
    return tr(
        "This run folder has no readable table %1, so less is said of drivers and features; make the run again.",
        ", ".join(tables),
    )


def report_lines(report: CellReport) -> list[str]:
    """Everything about a cell, line by line, to be read elsewhere.

    In this order: cell, run, probabilities, density, possible classes, observation, trust, imagery, drivers, features,
    years, further values, and which tables are missing.
    """
    return [
        f"{report.cell_name} · {report.place} · {report.year_name}",
        f"{report.run_title} · {report.model_title} · {report.run_id}",
        tr("Probability of any slump: %1", chance_text(report.chance)),
        *map(bar_text, report.classes),
        density_text(report.density_m2_per_km2),
        tr("Classes that cannot be ruled out: %1", possible_text(report)),
        observed_text(report.observation),
        applicability_text(report.applicability),
        *(f"{imagery.task.title}: {line}" for imagery in report.imagery for line in imagery_lines(imagery)),
        *map(driver_description, report.drivers),
        *map(feature_description, report.features),
        *map(year_text, report.history),
        *(f"{fact.name}: {fact.value}" for fact in report.facts),
        *filter(None, [missing_text(report.missing_tables)]),
    ]


def possible_text(report: CellReport) -> str:
    """The classes that cannot be ruled out, parted by commas; "unknown" where the run does not say."""
    return (report.possible_classes or tr("unknown")).replace("|", ", ")


def comparison(reports: Sequence[CellReport]) -> list[tuple[str, list[str]]]:
    """Cells side by side: what each line is called, and a text for each cell.

    The texts stand in the order of `reports`. Classes, drivers, imagery and further values are those of any of the
    cells; what one of them does not have is "unknown" as a class, and empty otherwise.
    """
    lines = [(tr("Run"), [report.run_title for report in reports])]
    lines.append((tr("Year"), [report.year_name for report in reports]))
    lines.append((tr("Place"), [report.place for report in reports]))
    lines.append((tr("Any slump"), [chance_text(report.chance) for report in reports]))
    for name in dict.fromkeys(bar.label for report in reports for bar in report.classes):
        lines.append((name, [_class_text(report, name) for report in reports]))
    lines.append((tr("Expected m² / km²"), [_density(report) for report in reports]))
    lines.append((tr("Not ruled out"), [possible_text(report) for report in reports]))
    lines.append((tr("Observed"), [observed_text(report.observation) for report in reports]))
    lines.append((tr("Trust"), [applicability_text(report.applicability) for report in reports]))
    lines.extend(imagery_comparison(reports))
    for rank in range(max((len(report.drivers) for report in reports), default=0)):
        lines.append((tr("Driver %1", str(rank + 1)), [_driver(report, rank) for report in reports]))
    for name in dict.fromkeys(fact.name for report in reports for fact in report.facts):
        lines.append((name, [_fact(report, name) for report in reports]))
    return lines


def _class_text(report: CellReport, name: str) -> str:
    return next((percent(bar.chance.value) for bar in report.classes if bar.label == name), tr("unknown"))


def _density(report: CellReport) -> str:
    known = report.density_m2_per_km2
    return tr("unknown") if known is None else number_text(known, _DIGITS)


def _driver(report: CellReport, rank: int) -> str:
    if rank >= len(report.drivers):
        return ""
    return f"{report.drivers[rank].label} ({percent(report.drivers[rank].share)})"


def _fact(report: CellReport, name: str) -> str:
    return next((fact.value for fact in report.facts if fact.name == name), "")
