"""A runner that leaves out what is up to date."""

import time
from typing import TYPE_CHECKING, Any

from kedro.io import SharedMemoryDataCatalog
from kedro.runner import AbstractRunner, ParallelRunner

from entropice.app.run_log import run_log
from entropice.app.said_once import said_once
from entropice.io import TileResultsDataset
from entropice.io.resumable import ResumableDataset
from entropice.processes import handed_out, memory_ceiling
from entropice.progress import bars, short_path, show
from entropice.tiles.progress import duration
from entropice.tiles.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from kedro.io import DataCatalog
    from kedro.pipeline import Pipeline
    from pluggy import PluginManager

    from entropice.app.context import ComposedContext


class IncrementalRunner(AbstractRunner):
    """Has another runner run the nodes that are not up to date, in as few parts as their dependencies allow.

    Parameters
    ----------
    runner
        Any of Kedro's: sequential, threads or processes.
    context
        Gives the context of the run, which does not exist yet when Kedro is handed its runner.
    """

    def __init__(self, runner: AbstractRunner, context: "Callable[[], ComposedContext]") -> None:
        super().__init__()
        self.__name__ = type(runner).__name__  # Kedro's hooks are told it as the runner of the run
        self._runner = runner
        self._context = context

    def _get_executor(self, max_workers: int) -> None:
        """None of its own."""

    def _run(
        self,
        pipeline: "Pipeline",
        catalog: "DataCatalog",  # type: ignore[override]  # session and tests pass no other
        hook_manager: "PluginManager | None" = None,
        run_id: str | None = None,
    ) -> None:
        context = self._context()
        begun_s = time.monotonic()
        with said_once(), run_log(context.work_root / "logs") as log:
            try:
                with bars():
                    self._run_changed(pipeline, _shareable(catalog, self._runner), hook_manager, run_id)
            finally:
                context.incremental_state.save()
                if log.exists():
                    show(f"In all {duration(time.monotonic() - begun_s)}. Details: {short_path(log)}")

    def _run_changed(
        self, pipeline: "Pipeline", catalog: "DataCatalog", hook_manager: "PluginManager | None", run_id: str | None
    ) -> None:
        from entropice.incremental.scheduler import run_in_rounds, run_recorded

        def run(part: "Pipeline") -> None:
            self._runner.run(part, catalog, hook_manager, run_id)

        state, parameters = self._context().incremental_state, self._context().parameters
        with (
            memory_ceiling(parameters.tiles.memory_ceiling_bytes),
            Workers(parameters.tiles, parameters.cluster) as workers,
            handed_out(workers.hand_out),
        ):
            for output in _resumable(pipeline, catalog):
                output.starts_over = parameters.force
                if isinstance(output, TileResultsDataset):
                    output.workers = workers
            if parameters.force:
                show(f"force: all {len(pipeline.nodes)} steps run")
                run_recorded(run, pipeline.nodes, pipeline, catalog, state)
            else:
                run_in_rounds(run, pipeline, catalog, state)


def _shareable(catalog: "DataCatalog", runner: AbstractRunner) -> "DataCatalog":
    """The catalog as Kedro's runner of processes wants it; the datasets are the same."""
    return SharedMemoryDataCatalog(dict(catalog.items())) if isinstance(runner, ParallelRunner) else catalog


def _resumable(pipeline: "Pipeline", catalog: "DataCatalog") -> list[ResumableDataset[Any, Any]]:
    outputs = (catalog.get(name) for name in sorted(pipeline.all_outputs()))
    return [output for output in outputs if isinstance(output, ResumableDataset)]
