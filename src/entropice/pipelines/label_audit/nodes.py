"""Nodes of the label audit."""

from typing import TYPE_CHECKING, Any

from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.audited import Audits
    from entropice.imagery.samples import Samples
else:
    Audits = Samples = Any


def judge_audited(
    network: TrainedNetwork,
    images: Samples,
    audits: Audits,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> DataFrame:
    """Pixels of each test chip that was drawn again, as the network marks them at the threshold in use."""
    import numpy as np

    from entropice.imagery.audited import AuditedSamples
    from entropice.imagery.chip_scores import chip_table
    from entropice.imagery.held_out import counts_by_tile
    from entropice.imagery.splits import TEST
    from entropice.pipelines.kinds.mask.evaluation.models import judged_view, network_predict
    from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK
    from entropice.pipelines.kinds.mask.evaluation.pixels import threshold_of

    drawn_again = AuditedSamples(images, audits)
    view = judged_view(network, drawn_again, statistics, samples)
    tested = splits[(splits["split"] == TEST) & splits["key"].isin(drawn_again.keys)]
    predict = network_predict(network, training, evaluation)
    blocks = tested["block"].to_numpy(np.uint64)
    counts = counts_by_tile(view, list(tested["key"]), blocks, {NETWORK: predict}, evaluation.batch_size)
    return chip_table(counts[NETWORK], threshold_of(calibration[NETWORK], evaluation.threshold))


def correct_scores(
    chip_scores: DataFrame,
    audited_chips: DataFrame,
    splits: DataFrame,
    evaluation: EvaluationParameters,
    random_seed: int,
) -> DataFrame:
    """Scores of the network against labels as they are, and against the truth, with intervals over blocks."""
    from functools import partial

    from entropice.imagery.chip_scores import CHOSEN
    from entropice.imagery.label_audit import PIXELS, audited_score_table
    from entropice.imagery.splits import TEST
    from entropice.learning.scores.table import block_replicates
    from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK

    own = (chip_scores["model"] == NETWORK) & (chip_scores["cut"] == CHOSEN) & (chip_scores["split"] == TEST)
    labelled = chip_scores[own].merge(splits[["key", "block"]], on="key", validate="one_to_one")
    replicates = partial(block_replicates, random_seed=random_seed, n_replicates=evaluation.n_bootstrap)
    return audited_score_table(labelled[["key", "block", *PIXELS]], audited_chips[["key", *PIXELS]], replicates)
