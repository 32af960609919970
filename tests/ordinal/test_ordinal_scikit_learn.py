"""scikit-learn's own checks, all of them: none is skipped, none expected to fail."""

from ordinal_problems import ordered_table
from scikit_learn_checks import check
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from entropice.ordinal import GroupComponents, OrdinalRidgeClassifier


def test_all_checks_of_scikit_learn_pass():
    results = check("entropice.ordinal", "OrdinalRidgeClassifier()", "GroupComponents()")
    assert [result for result in results if result[1] != "passed"] == []
    assert "check_array_api_input" in {name for name, *_ in results}
    assert len(results) > 100


def test_it_works_in_pipelines_and_grids():
    X, y = ordered_table()
    model = make_pipeline(GroupComponents([0, 0, 1, 1, 2], 2), OrdinalRidgeClassifier())
    search = GridSearchCV(model, {"ordinalridgeclassifier__ridge": [1.0, 1e6]}, scoring="neg_log_loss", cv=3).fit(X, y)
    assert search.best_params_ == {"ordinalridgeclassifier__ridge": 1.0}
