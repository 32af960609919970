"""Running only the steps that are not up to date."""

import logging
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from entropice.incremental.state import IncrementalState, views
from entropice.io.recorded import RecordedDataset
from entropice.progress import show

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Node, Pipeline

    Reasons = dict[Node, list[str]]

_N_SHOWN = 3

_LOG = logging.getLogger(__name__)


def run_in_rounds(
    run: "Callable[[Pipeline], None]", pipeline: "Pipeline", catalog: "DataCatalog", state: IncrementalState
) -> None:
    """Run, by `run`, the nodes of a pipeline that are not up to date; then delete what a killed run has left.

    Rounds, as a node need not run where its inputs are made again and hold the same as before. Why a node runs is said
    in the log and in `state.reasons`. Deleted are temporary files beside recorded outputs, of all nodes.

    Parameters
    ----------
    run
        Runs the pipeline it is given, the nodes of one round; may be called many times, or never.
    pipeline
        All nodes that are asked for.
    catalog
        Where their datasets lie.
    state
        What is compared with the records beside outputs.

    Raises
    ------
    InputFileError
        A module of the project is no Python, or a file that a parameter names cannot be read.
    """
    _run_rounds(run, pipeline, catalog, state)
    for output in (output for node in pipeline.nodes for output in _recorded_outputs(node, catalog)):
        output.tidy()


def _run_rounds(
    run: "Callable[[Pipeline], None]", pipeline: "Pipeline", catalog: "DataCatalog", state: IncrementalState
) -> None:
    """Say which nodes run, and why.

    A node need not run where its inputs are made again and hold the same as before. So the nodes that certainly have to
    run go first, as far as none before them is uncertain; then the rest is looked at again, until all are up to date.
    """
    waiting = list(pipeline.nodes)
    while True:
        certain, uncertain = _look(waiting, pipeline, catalog, state)
        show(_summary(len(waiting) - len(certain) - len(uncertain), len(waiting), len(pipeline.nodes)))
        ready = _ready(certain, uncertain, pipeline)
        if not ready:
            return
        for node, reasons in ready.items():
            state.reasons[node.name] = _shortened(reasons)
            _LOG.info("%s runs: %s", node.name, "; ".join(reasons))
        run_recorded(run, ready, pipeline, catalog, state)
        waiting = [node for node in waiting if node in {*certain, *uncertain} - ready.keys()]
        if not waiting:
            return


def run_recorded(
    run: "Callable[[Pipeline], None]",
    nodes: "Collection[Node]",
    pipeline: "Pipeline",
    catalog: "DataCatalog",
    state: IncrementalState,
) -> None:
    """Run nodes, up to date or not; their outputs' records hold the nodes' fingerprints, as they were before the run.

    `run` is called once, with the part of `pipeline` that is `nodes`. Afterwards what a node wrote is taken to be what
    its record says, so that it is not read again.

    Parameters
    ----------
    run
        Runs the pipeline it is given.
    nodes
        Those of `pipeline` that run.
    catalog
        Where their datasets lie.
    state
        Gives the fingerprints, and takes over the digests of what was written.

    Raises
    ------
    InputFileError
        A module of the project is no Python, or a file that a parameter names cannot be read; nothing has run then.
    """
    for node in nodes:
        fingerprint = state.fingerprint(node, catalog)
        for output in _recorded_outputs(node, catalog):
            output.fingerprint = fingerprint
    run(pipeline.only_nodes(*(node.name for node in nodes)))
    for node in nodes:
        for output in _recorded_outputs(node, catalog):
            if output.is_recorded:
                state.digests.trust_record(output.path)


def _look(
    waiting: "list[Node]", pipeline: "Pipeline", catalog: "DataCatalog", state: IncrementalState
) -> "tuple[Reasons, set[Node]]":
    """The nodes with a reason of their own to run, and those that depend on what such nodes will make."""
    certain: Reasons = {}
    uncertain: set[Node] = set()
    for node in waiting:
        before = pipeline.node_dependencies[node] & (certain.keys() | uncertain)
        unsettled = {name for earlier in before for name in earlier.outputs}
        reasons = state.why_to_run(node, catalog, unsettled | views(node, catalog) if before else unsettled)
        if reasons:
            certain[node] = reasons
        elif before:
            uncertain.add(node)
    return certain, uncertain


def _ready(certain: "Reasons", uncertain: "set[Node]", pipeline: "Pipeline") -> "Reasons":
    """The certain nodes that no uncertain node comes before, however far."""
    blocked = set(uncertain)
    ready: Reasons = {}
    for node in pipeline.nodes:
        if pipeline.node_dependencies[node] & blocked:
            blocked.add(node)
        elif node in certain:
            ready[node] = certain[node]
    return ready


def _recorded_outputs(node: "Node", catalog: "DataCatalog") -> list[RecordedDataset[object, object]]:
    outputs = [catalog.get(name) for name in node.outputs]
    return [output for output in outputs if isinstance(output, RecordedDataset)]


def _summary(n_current: int, n_waiting: int, n_nodes: int) -> str:
    if n_waiting == n_nodes:
        return f"{n_current} of {n_nodes} steps are up to date"
    return f"{n_current} of the other {n_waiting} steps are up to date"


def _shortened(reasons: list[str]) -> str:
    shown = "; ".join(reasons[:_N_SHOWN])
    return shown if len(reasons) <= _N_SHOWN else f"{shown}; and {len(reasons) - _N_SHOWN} more"
