"""What a network says of audited chips, and what that makes of its scores."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from entropice.imagery.audited import AuditedSamples, Audits
from entropice.imagery.chip_scores import CHOSEN, chip_table
from entropice.imagery.held_out import counts_by_tile
from entropice.imagery.label_audit import audited_score_table
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TEST
from entropice.io.networks import TrainedNetwork
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.mask.evaluation.models import judged_view, network_predict
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK, EvaluationParameters
from entropice.pipelines.kinds.mask.evaluation.pixels import threshold_of
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame


def audited_chips(
    network: TrainedNetwork,
    images: Samples,
    audits: Audits,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    calibration: Mapping[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> DataFrame:
    """Rows of `entropice.imagery.chip_scores.chip_table` of the audited test chips, against the audit.

    Raises
    ------
    SchemaError
        An audit is of no tile, or of other pixels than its tile.
    """
    view = judged_view(network, AuditedSamples(images, audits), statistics, samples)
    tested = splits[(splits["split"] == TEST) & splits["key"].isin(view.samples.keys)]
    models = {NETWORK: network_predict(network, training, evaluation)}
    blocks = tested["block"].to_numpy(np.uint64)
    counts = counts_by_tile(view, list(tested["key"]), blocks, models, evaluation.batch_size)[NETWORK]
    return chip_table(counts, threshold_of(calibration[NETWORK], evaluation.threshold))


def audited_scores(
    chip_scores: DataFrame, audited: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """``model labels score value low_95 high_95 n_chips n_audited`` of the network on the test chips."""
    is_asked = (chip_scores["split"] == TEST) & (chip_scores["model"] == NETWORK) & (chip_scores["cut"] == CHOSEN)
    replicates = partial(block_replicates, random_seed=random_seed, n_replicates=evaluation.n_bootstrap)
    table = audited_score_table(chip_scores[is_asked], audited, replicates)
    table.insert(0, "model", NETWORK)
    return table
