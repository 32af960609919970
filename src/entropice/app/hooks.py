"""What happens around a run: inputs that must be there, one clear message, and where the results are."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kedro.framework.hooks import hook_impl

from entropice.app.cli_errors import own_error, refuse
from entropice.app.commands import DEFAULT_ENVIRONMENTS, kedro_cost, kedro_run
from entropice.errors import EntropiceError, RunStateError

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Node, Pipeline

    from entropice.app.context import ComposedContext
    from entropice.incremental.state import IncrementalState
    from entropice.io import FilledSheetDataset
    from entropice.io.of_run_folder import OfRunFolder


class ProjectHooks:
    """Checks that come before any work, and errors as users should see them."""

    def __init__(self) -> None:
        self._state: IncrementalState | None = None
        self._context: ComposedContext | None = None

    @hook_impl
    def after_context_created(self, context: "ComposedContext") -> None:
        """Keep what knows which outputs are up to date, and what the run is told.

        Kedro calls it once a session, before any other of these; Kedro-Viz does not.
        """
        self._state = context.incremental_state
        self._context = context

    @hook_impl
    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: "Pipeline", catalog: "DataCatalog") -> None:
        """Refuse to start where an input is missing, damaged or out of date, and name the command that makes it.

        Kedro calls it before the first step. Refused are, in this order: what would stop the run later (see
        `before_run`), inputs that are not there, inputs that are damaged, and inputs that other parameters, inputs or
        code have made. Nothing has been written then.

        Raises
        ------
        ClickException
            The run is refused, with one message.
        """
        if self._context is not None:
            _check_before(self._context, pipeline, catalog)
        missing = [name for name in sorted(pipeline.inputs()) if not _is_ready(name, catalog)]
        if missing:
            refuse(_missing_inputs_error(missing, run_params, catalog, self._context))
        if self._state is not None:
            _check_records(pipeline, run_params, catalog, self._state)

    @hook_impl
    def before_node_run(self, node: "Node", catalog: "DataCatalog") -> None:
        """Record with every output what its inputs hold, now that those before have been made.

        A runner's worker process may know no state; given files are hashed in full there.

        Kedro calls it before each step, once its inputs are loaded. Changed are the `fingerprint` of the outputs
        (``inputs``, ``given``), and how they make sure, when they are written, that given files are still the same. The
        content of an input that cannot be told counts as unknown.
        """
        from entropice.incremental.state import contents
        from entropice.io.digests import Digests
        from entropice.io.given_files import confirmation, listed
        from entropice.io.named_files import named_files
        from entropice.io.recorded import RecordedDataset
        from entropice.io.sources import SourceDataset

        digests = Digests(None) if self._state is None else self._state.digests
        sources = {name: item for name in node.inputs if isinstance(item := catalog.get(name), SourceDataset)}
        for source in sources.values():
            source.digest_of = digests.of
        inputs = contents(node, catalog, digests.of)
        for dataset in (catalog.get(name) for name in node.outputs):
            if isinstance(dataset, RecordedDataset):
                named = {
                    _parameter(name): path for name, path in named_files(dataset.fingerprint.get("parameters", {}))
                }
                given = {**{name: source.path for name, source in sources.items()}, **named}
                dataset.fingerprint = {**dataset.fingerprint, "inputs": inputs, "given": listed(given, digests.of)}
                dataset.confirm_inputs = confirmation(given.values(), digests)

    @hook_impl
    def after_pipeline_run(self, run_params: dict[str, Any], pipeline: "Pipeline", catalog: "DataCatalog") -> None:
        """Say where the results are and how to open them.

        Kedro calls it after the last step. It is said of run folders, comparisons, samples to fill in and audits, on
        the terminal.
        """
        from entropice.io import AuditResultDataset, AuditSampleDataset, ComparisonDataset, RunFolderDataset
        from entropice.progress import short_path, show

        made = (catalog[name] for name in pipeline.all_outputs() if name in catalog)
        for dataset in made:
            if isinstance(dataset, RunFolderDataset):
                show(_next_steps(short_path(dataset.path), run_params))
            if isinstance(dataset, ComparisonDataset):
                show(_compared(short_path(dataset.path)))
            if isinstance(dataset, AuditSampleDataset):
                show(_to_fill_in(short_path(dataset.path), run_params))
            if isinstance(dataset, AuditResultDataset):
                show(f"{dataset.load()['statement']}\nThe audit is complete: {short_path(dataset.path)}")

    @hook_impl
    def on_node_error(self, error: Exception, node: "Node", catalog: "DataCatalog", inputs: dict[str, Any]) -> None:
        """Name the one file that a failed node's error is about, where the error does not.

        Kedro calls it when a step has failed. `error`, or the error of ours that it was raised from, gets its `path`
        set: that of the parameter it names, else of the input at fault; errors of others stay as they are.
        """
        from entropice.app.blame import file_at_fault, parameter_file

        cause = own_error(error)
        if cause is not None and cause.path is None:
            context = self._context
            told = None if context is None else parameter_file(cause, context.parameters, context.origin)
            cause.path = told or file_at_fault(cause, node, inputs, catalog)

    @hook_impl
    def on_pipeline_error(self, error: Exception, run_params: dict[str, Any], catalog: "DataCatalog") -> None:
        """Show our own errors as one message without a traceback; without a fix, name what remakes the file.

        Kedro calls it when a run has failed. A damaged file's digest is forgotten, so that the next run reads it anew.
        Errors of others stay as they are, with their traceback.

        Raises
        ------
        ClickException
            The error is one of ours.
        """
        cause = own_error(error)
        if cause is not None:
            damaged = _at(cause.path, catalog)
            if damaged and self._state is not None:
                self._state.digests.forget(Path(str(cause.path)))
                self._state.save()
            cause.fix = cause.fix or "\n       ".join(_commands(damaged, run_params)) or _way_to_have_whole(cause.path)
            refuse(cause)


def _check_before(context: "ComposedContext", pipeline: "Pipeline", catalog: "DataCatalog") -> None:
    """Refuse what would stop the run later, before anything is written."""
    from entropice.app.before_run import (
        check_answers,
        check_devices,
        check_features,
        check_finished_run,
        check_networks,
    )
    from entropice.app.configuration.synthetic_files import check_targets

    made = {name for node in pipeline.nodes if "virtual_arctic" in node.tags for name in node.outputs}
    try:
        check_targets(made, catalog, context.work_root)
        check_devices(pipeline, context.parameters, context.origin)
        for task in context.composition.tasks:
            if f"{task}.network" in pipeline.all_outputs() and not catalog.exists(f"{task}.network"):
                check_networks(task, context.parameters, context.origin)
        for name in sorted({"applied_model", "audited_map"} & pipeline.inputs()):
            check_finished_run(context.parameters.model, cast("OfRunFolder[Any]", catalog.get(name)))
        if "audit_answers" in pipeline.inputs():
            check_answers(context.parameters.answers, cast("FilledSheetDataset", catalog.get("audit_answers")))
        if "training_table" in pipeline.all_outputs() and not catalog.exists("training_table"):
            check_features(context.composition, context.parameters, context.origin)
    except EntropiceError as error:
        refuse(error)


def _check_records(
    pipeline: "Pipeline", run_params: dict[str, Any], catalog: "DataCatalog", state: "IncrementalState"
) -> None:
    """Refuse inputs that other steps have made and that are damaged or out of date."""
    from kedro.framework.project import pipelines

    from entropice.errors import InputFileError

    makers = {output: node for node in pipelines["__default__"].nodes for output in node.outputs}
    inputs = sorted(pipeline.inputs() & makers.keys())
    for name in inputs:
        _check_undamaged(name, run_params, catalog, state)
    try:
        stale = state.stale(inputs, makers, catalog)
    except InputFileError as error:
        error.fix = "\n       ".join(_commands(_at(error.path, catalog), run_params))
        refuse(error)
    if stale:
        refuse(_stale_inputs_error(stale, run_params, catalog))


def _check_undamaged(name: str, run_params: dict[str, Any], catalog: "DataCatalog", state: "IncrementalState") -> None:
    from entropice.errors import InputFileError
    from entropice.io.recorded import RecordedDataset

    dataset = catalog.get(name)
    if isinstance(dataset, RecordedDataset) and dataset.is_recorded:
        try:
            dataset.verify(state.digests.of)
        except InputFileError as error:
            error.fix = "\n       ".join(_commands([name], run_params))
            refuse(error)


def _is_ready(name: str, catalog: "DataCatalog") -> bool:
    return name.startswith("params:") or name == "parameters" or catalog.exists(name)


def _missing_inputs_error(
    missing: list[str], run_params: dict[str, Any], catalog: "DataCatalog", context: "ComposedContext | None"
) -> RunStateError:
    steps = _commands(missing, run_params)
    base_root = None if context is None else context.base_root
    of_base = [name for name in missing if base_root and base_root in Path(_path_of(name, catalog) or "").parents]
    if set(missing) - set(_makers(missing)) - set(of_base):
        steps.insert(0, _ways_to_have_sources(run_params))
    if context is not None and base_root is not None and of_base:
        steps.insert(0, _base_command(context, base_root))
    return RunStateError(
        "This pipeline needs what is not there yet.",
        path=_path_of(missing[0], catalog),
        field="dataset",
        got="missing: " + ", ".join(missing),
        fix="\n       ".join(steps),
    )


def _base_command(context: "ComposedContext", base_root: Path) -> str:
    """What makes the run that an environment builds on."""
    from kedro.config import OmegaConfigLoader

    conf = Path(context.config_loader.conf_source)
    environments = {
        folder.name: OmegaConfigLoader(str(conf), env=folder.name, base_env="base")["globals"]
        for folder in sorted(conf.iterdir())
        if (folder / "globals.yml").is_file()
    }
    made_by = [name for name, roots in environments.items() if context.project_path / roots["work_root"] == base_root]
    environment = None if not made_by or "base" in made_by else made_by[0]
    return f"{kedro_run(None, environment, {'grid': context.parameters.grid})}  # the run that this one builds on"


def _ways_to_have_sources(run_params: dict[str, Any]) -> str:
    from kedro.framework.project import pipelines

    by_hand = "put the source files where the catalog expects them, or give --params data_root=FOLDER"
    return f"{_command('download', run_params)}\n       or {by_hand}" if "download" in pipelines else by_hand


def _way_to_have_whole(path: str | None) -> str | None:
    """What to do about a file with a record that no step makes."""
    from entropice.io.checksums import has_record, record_path

    if path is None or not has_record(Path(path)):
        return None
    return f"get it again where it came from; or delete {record_path(Path(path)).name}, to take it as it is"


def _stale_inputs_error(
    stale: dict[str, list[str]], run_params: dict[str, Any], catalog: "DataCatalog"
) -> RunStateError:
    name, why = next(iter(stale.items()))
    fixes = [*_commands(list(stale), run_params), f"or all that changed: {_command(None, run_params)}"]
    return RunStateError(
        "What this pipeline needs was made with other parameters, inputs or code than those of now.",
        path=_path_of(name, catalog),
        field="dataset",
        got="out of date: " + ", ".join(stale),
        expected=f"{name} made with the {', '.join(why)} of now",
        fix="\n       ".join(fixes),
    )


def _parameter(name: str) -> str:
    return name.removeprefix("params:").removeprefix("parameters.")


def _path_of(name: str, catalog: "DataCatalog") -> str | None:
    path = getattr(catalog.get(name), "path", None)
    return None if path is None else str(path)


def _at(path: str | None, catalog: "DataCatalog") -> list[str]:
    """The datasets that lie at a path."""
    return [name for name in catalog if path and _path_of(name, catalog) == path]


def _makers(datasets: list[str]) -> dict[str, str]:
    """The pipeline that makes each dataset, in the order of a full run."""
    from kedro.framework.project import pipelines

    named = {name: pipeline for name, pipeline in pipelines.items() if name != "__default__"}
    return {
        dataset: name for name, pipeline in named.items() for dataset in datasets if dataset in pipeline.all_outputs()
    }


def _commands(datasets: list[str], run_params: dict[str, Any]) -> list[str]:
    """The commands that make the datasets, each once, in the order of a full run."""
    return [_command(pipeline, run_params) for pipeline in dict.fromkeys(_makers(datasets).values())]


def _command(pipeline: str | None, run_params: dict[str, Any]) -> str:
    return kedro_run(pipeline, run_params.get("env"), run_params.get("runtime_params") or {})


def _next_steps(folder: Path, run_params: dict[str, Any]) -> str:
    environment = run_params["env"]
    option = "" if environment in DEFAULT_ENVIRONMENTS else f" --env {environment}"
    return f"""
The run folder is complete: {folder}
  map       {folder / "run.gpkg"}
            open it in QGIS (styles are inside), or open its folder with
            the Entropice plugin: Open Entropice run…
  report    {folder / "report.html"}
            open it in any browser; it needs no network
  manifest  {folder / "manifest.json"}
            inputs, parameters, versions, seeds and hashes
  lineage   kedro viz run{option}
  cost      {kedro_cost(environment, run_params.get("runtime_params") or {})}
            what each step took, beside what was planned
"""


def _compared(folder: Path) -> str:
    return f"""
The runs are compared: {folder}
  page      {folder / "comparison.html"}
            open it in any browser; it needs no network
  map       {folder / "units.gpkg"}
            the common units with every run's map, for QGIS
"""


def _to_fill_in(folder: Path, run_params: dict[str, Any]) -> str:
    answers = {"model": (run_params.get("runtime_params") or {}).get("model"), "answers": folder / "sample.csv"}
    return f"""
The sample is drawn: {folder}
  sheet     {folder / "sample.csv"}
            write 1 (a slump) or 0 (none) into the column observed
  outlines  {folder / "cells.gpkg"}
            the same cells, for QGIS
  then      {kedro_run("audit", run_params.get("env"), answers)}
"""
