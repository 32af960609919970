"""Steps that are the same for masks, classes and changes."""

from kedro.pipeline import Node

from entropice.pipelines.samples import nodes


def measuring() -> Node:
    """Bands of the training samples are measured: ``images``, ``splits`` → ``statistics`` (`nodes.measure_bands`)."""
    return Node(
        nodes.measure_bands,
        inputs=[
            "images",
            "splits",
            "params:task.bands",
            "params:task.samples.derivation",
            "params:task.samples.statistics",
            "params:random_seed",
        ],
        outputs="statistics",
        name="measure_bands",
        tags=["samples"],
    )


def checking() -> Node:
    """Samples are looked at as a network will get them: ``images``, ``splits``, ``statistics`` → ``data_check``.

    Whatever trains takes ``data_check`` as an input, so that nothing is learned from samples that were not looked at.
    """
    return Node(
        nodes.check_samples,
        inputs=[
            "images",
            "splits",
            "statistics",
            "params:task.bands",
            "params:task.samples.derivation",
            "params:task.samples.statistics",
            "params:task.samples.checks",
            "params:task.samples.sensors",
        ],
        outputs="data_check",
        name="check_samples",
        tags=["samples"],
    )
