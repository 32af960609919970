"""Commands as users type them."""

from collections.abc import Mapping
from typing import Any, Final

DEFAULT_ENVIRONMENTS: Final = (None, "local")
"""What ``--env`` need not say."""

COMMAND_LINE: Final = "the command line (--params)"
"""Where parameters come from that no file holds, in messages."""


def kedro_run(pipeline: str | None, environment: str | None, parameters: Mapping[str, Any]) -> str:
    """``kedro run`` of one pipeline, or of all, in an environment and with parameters, nested ones as sections.

    An environment of `DEFAULT_ENVIRONMENTS` is left out, and so are parameters where there are none; values are written
    by `str`, without quoting.

    Examples
    --------
    >>> kedro_run("grids", "arctic", {"grid": "h3_5", "tiles": {"n_workers": 2}})
    'kedro run --pipelines grids --env arctic --params grid=h3_5,tiles.n_workers=2'
    """
    words = ["kedro run"]
    words += ["--pipelines", pipeline] if pipeline is not None else []
    return " ".join([*words, *_options(environment, parameters)])


def kedro_cost(environment: str | None, parameters: Mapping[str, Any]) -> str:
    """``kedro cost`` of a run that is finished: what its steps took, beside what was planned.

    ``--env`` and ``--params`` are written as in `kedro_run`.

    Examples
    --------
    >>> kedro_cost(None, {})
    'kedro cost --measured'
    """
    return " ".join(["kedro cost --measured", *_options(environment, parameters)])


def _options(environment: str | None, parameters: Mapping[str, Any]) -> list[str]:
    words = ["--env", str(environment)] if environment not in DEFAULT_ENVIRONMENTS else []
    return words + (["--params", ",".join(_assignments(parameters))] if parameters else [])


def _assignments(parameters: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Nested parameters as the command line takes them: ``section.name=value``."""
    branches = {f"{prefix}{key}": value for key, value in parameters.items()}
    nested = [
        _assignments(value, f"{key}.") if isinstance(value, dict) else [f"{key}={value}"]
        for key, value in branches.items()
    ]
    return [assignment for assignments in nested for assignment in assignments]
