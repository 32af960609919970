"""Nodes of the two pipelines of an audit."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.audit.parameters import AuditParameters, AuditSampleParameters

if TYPE_CHECKING:
    from entropice.learning.audit.audited_map import AuditedMap
    from entropice.learning.audit.sheet import FilledSheet
    from entropice.report.audit import AuditResult, AuditSample
else:
    AuditedMap = FilledSheet = AuditResult = AuditSample = Any


def draw_audit_sample(audited_map: AuditedMap, parameters: AuditSampleParameters, random_seed: int) -> AuditSample:
    """Cells of a finished map, drawn at random, as a sheet that a person fills in.

    Parameters
    ----------
    audited_map
        The map of a finished run; cells without a prediction in the year cannot be drawn.
    parameters
        How many cells, the label year (None: the latest of the map), and into how many equal parts by P(any) the map is
        cut, of which each gives its share of the cells.
    random_seed
        Equal seeds, maps and numbers draw the same cells.

    Returns
    -------
    AuditSample
        The dataset ``audit_sample``: the sheet ``map cell year lon_deg lat_deg p_any weight observed``, a row a cell,
        ``observed`` empty, and outlines of the same cells in EPSG:3413, row by row. ``cell`` is a text, the grid's own
        spelling (H3 hexadecimal, HEALPix decimal), for spreadsheets round long numbers; ``weight`` is how many cells of
        the map each stands for.

    Raises
    ------
    LabelError
        The map does not show the year, has fewer predicted cells than are to be drawn, or there are more parts than
        cells to be drawn.
    """
    from entropice.learning.audit.sheet import sheet_of
    from entropice.report.audit import audit_sample

    year = audited_map.require_year(parameters.year)
    sample = audited_map.sample(year, parameters.n_cells, random_seed, parameters.n_strata)
    outlines = audited_map.cells.set_index("cell_id", drop=False).loc[sample["cell_id"]]
    return audit_sample(sheet_of(sample, audited_map), outlines)


def audit_map(
    audited_map: AuditedMap, audit_answers: FilledSheet, parameters: AuditParameters, random_seed: int
) -> AuditResult:
    """How far a finished map is off, its audit skill, and the map as the answers correct it.

    Parameters
    ----------
    audited_map
        The map that the sheet was drawn from.
    audit_answers
        The sheet that a person has filled in; cells without an answer count nowhere.
    parameters, random_seed
        Draws of answered cells behind the scores' intervals, and their seed.

    Returns
    -------
    AuditResult
        The dataset ``audit_result``: the correction as plain values, in which null is unknown or infinite:
        ``intercept`` a and ``slope`` b of logit p′ = a + b logit p with ``value low_95 high_95``,
        ``share_with_slumps``, ``statement``, ``mean_p_any`` and what it rests on (`entropice.learning.audit.verdict`);
        scores ``skill map score value low_95 high_95 n_cell_years n_positive`` of the map uncorrected and corrected;
        and of every cell in the years of the sheet ``cell_id year p_any p_any_corrected p_any_corrected_low
        p_any_corrected_high``, NaN where there is no prediction.

    Raises
    ------
    InputFileError
        The sheet is not of this map.
    """
    from entropice.learning.audit.verdict import audit
    from entropice.report.audit import audit_result

    found = audit(audited_map, audit_answers, random_seed, parameters.n_bootstrap)
    return audit_result(found.document, found.scores, found.corrected, audited_map.cells)
