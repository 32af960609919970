"""``kedro cost``: what a run will cost, before anything runs; and what it took, once it ran."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from kedro.framework.cli.utils import _split_params, env_option

if TYPE_CHECKING:
    from entropice.app.context import ComposedContext


@click.group(name="entropice")
def commands() -> None:
    """Commands of this project.

    Kedro finds the group by the entry point ``kedro.project_commands``.
    """


@commands.command()
@env_option
@click.option(
    "--params", "runtime_params", default="", callback=_split_params, help="Parameters, as for kedro run: grid=h3_6"
)
@click.option("--measured", is_flag=True, help="Beside it what each step took when it ran last.")
def cost(env: str | None, runtime_params: dict[str, Any], *, measured: bool) -> None:
    """Say what every step has to do, and what memory, bytes and time it takes.

    Nothing of a run is carried out. With --measured, times and memory stand beside it that steps took when they last
    ran on this grid.
    """
    from kedro.framework.project import pipelines
    from kedro.io import DatasetError

    from entropice.app.cli_errors import own_error, refuse
    from entropice.app.session import IncrementalSession
    from entropice.cost.planned import planned_steps
    from entropice.cost.table import measured_table, table
    from entropice.errors import EntropiceError
    from entropice.io.step_seconds import measured_by_step

    session = IncrementalSession.create(Path.cwd(), env=env, runtime_params=runtime_params)
    context = cast("ComposedContext", session.load_context())
    try:
        steps = planned_steps(context, pipelines)
    except (EntropiceError, DatasetError) as error:
        cause = own_error(error)
        if cause is None:
            raise
        refuse(cause)
    if measured:
        click.echo(measured_table(steps, measured_by_step(context.work_root / "logs", context.grid_root.name)))
    else:
        click.echo(table(steps))
