"""What a network and its rivals say of audited chips, and what that makes of their scores."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.imagery.audited import AuditedSamples, Audits
from entropice.imagery.chip_scores import CHOSEN, chip_table
from entropice.imagery.held_out import counts_by_tile
from entropice.imagery.label_audit import audited_score_table
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TEST
from entropice.io.networks import TrainedNetwork
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.mask.evaluation.models import judged_models, judged_view
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
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
    """Rows of `entropice.imagery.chip_scores.chip_table` of the audited test chips, against the audit, by ``model``.

    Rivals learn from labels, as those that are scored against labels have.

    `splits` has the columns ``key block split n_positive``; columns of the result are ``key block n_true n_said n_both
    iou model``, pixels chosen from the threshold of the parameters' rule.

    Raises
    ------
    LabelError
        No test chip was audited; that is said before the network is asked.
    SchemaError
        An audit is of no tile, or of other pixels than its tile.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    # Rivals must learn from what the others were taught, and be judged by the audit: two views of the same images.
    labelled = judged_view(network, images, statistics, samples)
    audited = judged_view(network, AuditedSamples(images, audits), statistics, samples)
    tested = splits[(splits["split"] == TEST) & splits["key"].isin(audited.samples.keys)]
    if tested.empty:
        raise LabelError(
            "No test chip was audited, so labels cannot be corrected.",
            field="audits",
            got=f"{len(audited.samples.keys)} audited chips, of which none is of the test",
            expected="masks that were drawn again of some test chips",
            fix="draw masks of test chips again, or run without the pipeline label_audit",
        )
    models = judged_models(network, labelled, splits, training, evaluation)
    blocks = tested["block"].to_numpy(np.uint64)
    counts = counts_by_tile(audited, list(tested["key"]), blocks, models, evaluation.batch_size)
    tables = [
        chip_table(of_model, threshold_of(calibration[model], evaluation.threshold)).assign(model=model)
        for model, of_model in counts.items()
    ]
    return pd.concat(tables, ignore_index=True)


def audited_scores(
    chip_scores: DataFrame, audited: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """``model labels score value low_95 high_95 n_chips n_audited`` of every model on the test chips.

    `chip_scores` and `audited` are the datasets ``chip_scores``, of which test chips at the chosen cut are read, and
    ``audited_chips``. ``score`` is ``global_iou``, ``precision`` or ``recall`` of pixels, ``labels`` is raw or
    corrected: each sum over chips plus N / n times the sum, over the n audited of N chips, of audit less label. A
    replicate of blocks without an audited chip has no corrected score.
    """
    asked = chip_scores[(chip_scores["split"] == TEST) & (chip_scores["cut"] == CHOSEN)]
    replicates = partial(block_replicates, random_seed=random_seed, n_replicates=evaluation.n_bootstrap)
    tables = {
        model: audited_score_table(asked[asked["model"] == model], of_model, replicates)
        for model, of_model in audited.groupby("model", sort=False)
    }
    return pd.concat(tables, names=["model", None]).reset_index("model").reset_index(drop=True)
