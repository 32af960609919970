"""Samples as network and rivals see them, whatever they are asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from entropice.imagery.check_data import STATISTICS_FILE
from entropice.imagery.loading import BandView, SampleView
from entropice.imagery.samples import Samples
from entropice.imagery.statistics_document import from_document
from entropice.io.networks import TrainedNetwork
from entropice.networks.export import require_statistics
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.sha256 import sha256_of_value


def sample_view(
    images: Samples,
    statistics: Mapping[str, Any],
    bands: Sequence[str],
    samples: SampleParameters,
    ignored_edge_px: int = 0,
) -> SampleView:
    """Samples of some bands, with the statistics that they are standardised with.

    Nothing is read but the document of statistics; `ignored_edge_px` pixels at both sides of a label's edge do not
    count.

    Raises
    ------
    InputFileError
        The statistics are of other images.
    SchemaError
        A standard deviation is not above 0.
    """
    measured = from_document(statistics, STATISTICS_FILE, samples.statistics.dataset_version, tuple(bands))
    return SampleView(BandView(images, tuple(bands), samples.derivation), measured, ignored_edge_px, samples.seen_by)


def judged_view(
    network: TrainedNetwork,
    images: Samples,
    statistics: Mapping[str, Any],
    samples: SampleParameters,
    ignored_edge_px: int = 0,
) -> SampleView:
    """Samples as the network has learned from them, with its bands in its order.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    require_statistics(network.checkpoint, sha256_of_value(statistics), network.path)
    return sample_view(images, statistics, network.checkpoint.specification.bands, samples, ignored_edge_px)
