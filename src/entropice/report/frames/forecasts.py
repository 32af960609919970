"""The forecasts that a run is judged by: of cells and years that a fit has not seen."""

from entropice.report.out_of_fold import under_first_scheme
from entropice.report.run_tables import RunFacts, RunTables
from entropice.types import DataFrame


def forecasts_to_judge(forecasts: DataFrame, facts: RunFacts) -> DataFrame:
    """The rows of ``out_of_fold`` under the first scheme, which holds out whole regions; ``model`` is a title.

    The given rows are not changed; there are none where there is no scheme.

    Returns
    -------
    DataFrame
        The columns of ``out_of_fold``, models in reading order; ``p_any``, the probability of any slump (1 − that of
        the first class), and ``happened``, whether there were slumps.
    """
    rows = under_first_scheme(forecasts, facts.texts)
    none = facts.class_names[0]
    judged = rows.assign(
        model=rows["model"].replace(facts.model_titles),
        p_any=1.0 - rows[f"p_{none}"],
        happened=rows["class_"] != none,
    )
    places = {title: place for place, title in enumerate(titles_in_order(facts, judged))}
    return judged.sort_values("model", key=lambda titles: titles.map(places), kind="stable", ignore_index=True)


def forecasts_of_map_model(run: RunTables) -> DataFrame:
    """The forecasts to judge, all columns, by the model behind the map; may be none."""
    rows = run.judged
    return rows[rows["model"] == run.facts.map_model_title].reset_index(drop=True)


def titles_in_order(facts: RunFacts, rows: DataFrame) -> list[str]:
    """The models of some rows (column ``model``) by title: those that have scores in reading order, then by name."""
    found = set(rows["model"])
    known = [title for title in facts.model_titles.values() if title in found]
    return known + sorted(found.difference(known))
