"""scikit-learn's own checks, all of them: none is skipped, none expected to fail."""

import json
import os
import subprocess
import sys

from ordinal_problems import ordered_table
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from entropice.ordinal import GroupComponents, OrdinalRidgeClassifier

CHECK = """
import json
from sklearn.utils.estimator_checks import check_estimator
from entropice.ordinal import GroupComponents, OrdinalRidgeClassifier
results = [
    result
    for estimator in (OrdinalRidgeClassifier(), GroupComponents())
    for result in check_estimator(estimator, on_skip=None, on_fail=None)
]
print(json.dumps([[result["check_name"], result["status"], repr(result["exception"])] for result in results]))
"""


def test_all_checks_of_scikit_learn_pass():
    """In a process of their own: the check of array namespaces needs a variable set before SciPy is imported."""
    process = subprocess.run(
        [sys.executable, "-c", CHECK],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    results = json.loads(process.stdout.splitlines()[-1])
    assert [result for result in results if result[1] != "passed"] == []
    assert "check_array_api_input" in {name for name, *_ in results}
    assert len(results) > 100


def test_it_works_in_pipelines_and_grids():
    X, y = ordered_table()
    model = make_pipeline(GroupComponents([0, 0, 1, 1, 2], 2), OrdinalRidgeClassifier())
    search = GridSearchCV(model, {"ordinalridgeclassifier__ridge": [1.0, 1e6]}, scoring="neg_log_loss", cv=3).fit(X, y)
    assert search.best_params_ == {"ordinalridgeclassifier__ridge": 1.0}
