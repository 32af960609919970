"""scikit-learn's own checks of estimators."""

import json
import os
import subprocess
import sys

_CHECK = """
import json
from sklearn.utils.estimator_checks import check_estimator
from {module} import *
results = [
    result
    for estimator in ({estimators},)
    for result in check_estimator(estimator, on_skip=None, on_fail=None)
]
print(json.dumps([[result["check_name"], result["status"], repr(result["exception"])] for result in results]))
"""


def check(module: str, *estimators: str) -> list[tuple[str, str, str]]:
    """Name, status and exception of every check of estimators that a module exports, written as code.

    In a process of their own: the check of array namespaces needs a variable set before SciPy is imported.
    """
    process = subprocess.run(
        [sys.executable, "-c", _CHECK.format(module=module, estimators=", ".join(estimators))],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return [(name, status, exception) for name, status, exception in json.loads(process.stdout.splitlines()[-1])]
