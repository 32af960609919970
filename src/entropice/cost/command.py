"""``kedro cost``: what a run will cost, before anything runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from kedro.framework.cli.utils import _split_params, env_option

if TYPE_CHECKING:
    from entropice.app.context import ComposedContext


@click.group(name="entropice")
def commands() -> None:
    """Commands of this project."""


@commands.command()
@env_option
@click.option(
    "--params", "runtime_params", default="", callback=_split_params, help="Parameters, as for kedro run: grid=h3_6"
)
def cost(env: str | None, runtime_params: dict[str, Any]) -> None:
    """Say how many tiles, values and bytes the heavy steps have, and how long they will take."""
    from kedro.framework.project import pipelines
    from kedro.io import DatasetError

    from entropice.app.cli_errors import own_error, refuse
    from entropice.app.session import IncrementalSession
    from entropice.cost.planned import planned_costs
    from entropice.cost.table import table
    from entropice.errors import EntropiceError

    session = IncrementalSession.create(Path.cwd(), env=env, runtime_params=runtime_params)
    context = cast("ComposedContext", session.load_context())
    try:
        costs = planned_costs(context, pipelines["__default__"])
    except (EntropiceError, DatasetError) as error:
        cause = own_error(error)
        if cause is None:
            raise
        refuse(cause)
    click.echo(table(costs))
