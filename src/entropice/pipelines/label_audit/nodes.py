"""Nodes of the label audit: models on audited chips, their corrected scores, and how labels differ from the audit."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.object_rules import ObjectRules
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


def judge_audits(
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
    """How network and rivals mark each audited test chip, against what the audit has drawn.

    Parameters
    ----------
    network, images, splits, statistics, calibration
        The task's datasets of these names; `splits` has ``key block split n_positive``.
    audits
        Masks that were drawn again; those of other splits are not judged.
    samples, training, evaluation
        How chips become samples, where the network is computed, rivals, and the rule of the threshold.

    Returns
    -------
    DataFrame
        The dataset ``audited_chips``, a row a chip and model: ``key block n_true n_said n_both iou model``; pixels are
        scored ones, ``iou`` is NaN where nothing is true or said.

    Raises
    ------
    LabelError
        No test chip was audited.
    SchemaError
        An audit is of no tile, or of other pixels than its tile.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    from entropice.pipelines.label_audit.judging import audited_chips

    return audited_chips(network, images, audits, splits, statistics, calibration, samples, training, evaluation)


def correct_scores(
    chip_scores: DataFrame, audited_chips: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model by labels alone, and corrected by the audit, with intervals over blocks.

    Returns
    -------
    DataFrame
        The dataset ``audited_scores``: ``model labels score value low_95 high_95 n_chips n_audited``; ``score`` is
        ``global_iou``, ``precision`` or ``recall`` of pixels; ``labels`` is raw, or corrected by what the audited chips
        of `audited_chips` show to be wrong in the labels of `chip_scores`: to each sum over N chips N / n times the sum
        of audit less label over the n audited ones is added. A block is drawn with its audits, and a replicate without
        any has no corrected score.
    """
    from entropice.pipelines.label_audit.judging import audited_scores

    return audited_scores(chip_scores, audited_chips, evaluation, random_seed)


def compare_labels(images: Samples, audits: Audits, rules: ObjectRules) -> DataFrame:
    """Each object of the audit: whether a label touches it, and how far inside its outline the label's runs.

    Chips of all splits that were audited are compared; objects of fewer pixels than the parameters say are none.

    Returns
    -------
    DataFrame
        The dataset ``label_findings``, a row an object of the audit: ``key area_m2 is_missed undersizing_m
        label_area_m2``, on the ground. One is missed where no labelled pixel lies in it; ``undersizing_m`` is how far
        inside its outline the label's runs on average, below 0 where the label reaches beyond, and NaN of missed
        objects and where the chip's edge leaves no outline; ``label_area_m2`` is its labelled part. Pixels that both
        score are compared.

    Raises
    ------
    SchemaError
        An audit is of no tile, or of other pixels than its tile.
    """
    from entropice.imagery.audited import AuditedSamples
    from entropice.imagery.label_findings import label_findings

    audited = AuditedSamples(images, audits)
    drawn = (images.read(key) for key in audited.keys)
    return label_findings(((sample, audited.drawn_again(sample)) for sample in drawn), rules.min_px)
