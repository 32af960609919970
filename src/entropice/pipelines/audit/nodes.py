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
    """Cells of a finished map, drawn at random, as a sheet that a person fills in."""
    from entropice.learning.audit.sheet import sheet_of
    from entropice.report.audit import audit_sample

    year = audited_map.require_year(parameters.year)
    sample = audited_map.sample(year, parameters.n_cells, random_seed, parameters.n_strata)
    outlines = audited_map.cells.set_index("cell_id", drop=False).loc[sample["cell_id"]]
    return audit_sample(sheet_of(sample, audited_map), outlines)


def audit_map(
    audited_map: AuditedMap, audit_answers: FilledSheet, parameters: AuditParameters, random_seed: int
) -> AuditResult:
    """How far a finished map is off, its audit skill, and the map as the answers correct it."""
    from entropice.learning.audit.verdict import audit
    from entropice.report.audit import audit_result

    found = audit(audited_map, audit_answers, random_seed, parameters.n_bootstrap)
    return audit_result(found.document, found.scores, found.corrected, audited_map.cells)
