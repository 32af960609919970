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

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> from entropice.report.texts import SchemeText, Texts
    >>> texts = Texts((), (SchemeText("spatial", "Whole blocks"),), ())
    >>> facts = SimpleNamespace(texts=texts, class_names=("none", "some"), model_titles={"espa": "eSPA"})
    >>> forecasts = pd.DataFrame({"scheme": ["spatial", "random"], "model": "espa", "class_": "some", "p_none": 0.25})
    >>> forecasts_to_judge(forecasts, facts)[["model", "p_any", "happened"]].to_numpy().tolist()
    [['eSPA', 0.75, True]]
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
    """The forecasts to judge, all columns, by the model behind the map; may be none. A new index counts from 0.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> judged = pd.DataFrame({"model": ["Forest", "eSPA"], "p_any": [0.25, 0.5]})
    >>> run = SimpleNamespace(judged=judged, facts=SimpleNamespace(map_model_title="eSPA"))
    >>> forecasts_of_map_model(run)["p_any"].to_dict()
    {0: 0.5}
    """
    rows = run.judged
    return rows[rows["model"] == run.facts.map_model_title].reset_index(drop=True)


def titles_in_order(facts: RunFacts, rows: DataFrame) -> list[str]:
    """The models of some rows (column ``model``) by title: those that have scores in reading order, then by name.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(model_titles={"espa": "eSPA", "forest": "Forest"})
    >>> titles_in_order(facts, pd.DataFrame({"model": ["zero", "Forest", "added", "eSPA"]}))
    ['eSPA', 'Forest', 'added', 'zero']
    """
    found = set(rows["model"])
    known = [title for title in facts.model_titles.values() if title in found]
    return known + sorted(found.difference(known))
