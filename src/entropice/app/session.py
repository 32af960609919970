"""The session behind ``kedro run``: steps that are up to date are skipped."""

import inspect
from typing import TYPE_CHECKING, Any, cast

import click
from kedro.framework.context import KedroContext
from kedro.framework.session import KedroSession
from kedro.runner import AbstractRunner, SequentialRunner

from entropice.app.signals import stops_with_advice
from entropice.io import TileResultsDataset
from entropice.tiles.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from kedro.io import DataCatalog
    from kedro.pipeline import Pipeline

    from entropice.app.context import ComposedContext


class ChangedOnlySession(KedroSession):
    """A Kedro session that has any runner run only the nodes that are not up to date; all of them with ``force``.

    Kedro offers no hook that could leave out a node, so the session takes the place of the method by which its runner
    runs a pipeline, and calls it with parts of the pipeline.
    """

    _context: "ComposedContext"

    def load_context(self) -> KedroContext:
        """The context, which knows what is up to date."""
        self._context = cast("ComposedContext", super().load_context())
        return self._context

    def run(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run as Kedro does, but only what is not up to date."""
        call = inspect.signature(KedroSession.run).bind(self, *args, **kwargs)
        runner = call.arguments.get("runner") or SequentialRunner()
        call.arguments["runner"] = runner
        if not isinstance(runner, AbstractRunner):
            return KedroSession.run(*call.args, **call.kwargs)
        run_nodes = runner._run

        def run_changed(pipeline: "Pipeline", catalog: "DataCatalog", *rest: Any, **options: Any) -> None:
            self._run_changed(lambda part: run_nodes(part, catalog, *rest, **options), pipeline, catalog)

        runner._run = run_changed  # type: ignore[method-assign, assignment]
        try:
            with stops_with_advice():
                return KedroSession.run(*call.args, **call.kwargs)
        finally:
            del runner._run

    def _run_changed(self, run: "Callable[[Pipeline], None]", pipeline: "Pipeline", catalog: "DataCatalog") -> None:
        from entropice.incremental.scheduler import run_in_rounds, run_recorded

        ledger, parameters = self._context.ledger, self._context.parameters
        try:
            with Workers(parameters.tiles, parameters.cluster) as workers:
                for output in _tile_results(pipeline, catalog):
                    output.workers, output.starts_over = workers, parameters.force
                if parameters.force:
                    click.echo(f"force: all {len(pipeline.nodes)} steps run")
                    run_recorded(run, pipeline.nodes, pipeline, catalog, ledger)
                else:
                    run_in_rounds(run, pipeline, catalog, ledger)
        finally:
            ledger.save()


def _tile_results(pipeline: "Pipeline", catalog: "DataCatalog") -> list[TileResultsDataset]:
    outputs = (catalog.get(name) for name in sorted(pipeline.all_outputs()))
    return [output for output in outputs if isinstance(output, TileResultsDataset)]
