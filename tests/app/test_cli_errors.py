"""A command ends on an error of ours with its message, and on another one as Python does."""

import click
import pytest

from entropice.app.cli_errors import own_error, refuse
from entropice.app.commands import kedro_cost
from entropice.errors import ConfigError

OURS = ConfigError("No grid.", field="grid", fix="name one")


def raised_from(cause: BaseException | None) -> Exception:
    error = RuntimeError("Kedro's")
    error.__cause__ = cause
    return error


def test_ours_is_found_however_deep_it_lies() -> None:
    assert own_error(OURS) is OURS
    assert own_error(raised_from(raised_from(OURS))) is OURS


def test_of_others_there_is_none() -> None:
    assert own_error(None) is None
    assert own_error(raised_from(raised_from(None))) is None
    during = RuntimeError("while ours was handled")
    during.__context__ = OURS
    assert own_error(during) is None, "what was only under way is no cause"


def test_a_refused_command_says_what_ours_says() -> None:
    with pytest.raises(click.ClickException) as ended:
        refuse(OURS)

    assert ended.value.exit_code == 1
    assert ended.value.message == "No grid.\n  field: grid\n  fix: name one"
    assert ended.value.__cause__ is OURS


def test_the_cost_of_a_run_is_asked_as_the_run_was() -> None:
    region = {"grids": {"region": {"min_lat_deg": 70}}, "grid": "h3_6"}

    assert (
        kedro_cost("mine", region) == "kedro cost --measured --env mine --params grids.region.min_lat_deg=70,grid=h3_6"
    )
    assert kedro_cost(None, {}) == "kedro cost --measured"
