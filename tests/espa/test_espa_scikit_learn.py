"""scikit-learn's own checks, all of them: none is skipped, none expected to fail."""

from espa_problems import small_table
from scikit_learn_checks import check
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from entropice.espa import ESPAClassifier


def test_all_checks_of_scikit_learn_pass():
    results = check("entropice.espa", "ESPAClassifier(n_init=3)")
    assert [result for result in results if result[1] != "passed"] == []
    assert "check_array_api_input" in {name for name, *_ in results}
    assert len(results) > 50


def test_it_works_in_grids_pipelines_and_cross_validation():
    X, y = small_table(1)
    model = make_pipeline(FunctionTransformer(), ESPAClassifier(4, n_init=2, random_state=0))
    assert cross_val_score(model, X, y, cv=3).min() > 0.4
    search = GridSearchCV(model, {"espaclassifier__eps_class": [0.01, 0.1], "espaclassifier__n_boxes": [3, 5]}, cv=3)
    search.fit(X, y)
    assert search.best_score_ > 0.5
