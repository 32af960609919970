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
    """How network and rivals mark each audited test chip, against what the audit has drawn."""
    from entropice.pipelines.label_audit.judging import audited_chips

    return audited_chips(network, images, audits, splits, statistics, calibration, samples, training, evaluation)


def correct_scores(
    chip_scores: DataFrame, audited_chips: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model by labels alone, and corrected by the audit, with intervals over blocks."""
    from entropice.pipelines.label_audit.judging import audited_scores

    return audited_scores(chip_scores, audited_chips, evaluation, random_seed)


def compare_labels(images: Samples, audits: Audits, rules: ObjectRules) -> DataFrame:
    """Each object of the audit: whether a label touches it, and how far inside its outline the label's runs."""
    from entropice.imagery.audited import AuditedSamples
    from entropice.imagery.label_findings import label_findings

    audited = AuditedSamples(images, audits)
    drawn = (images.read(key) for key in audited.keys)
    return label_findings(((sample, audited.drawn_again(sample)) for sample in drawn), rules.min_px)
