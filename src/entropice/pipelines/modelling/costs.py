"""What steps of this pipeline take. Rows, fits and what is predicted decide.

Measured on one core of an AMD EPYC (virtual machine) in whole runs of the virtual Arctic at h3_4 and h3_6, 29 and 30
November 2026.
"""

from typing import Final

from entropice.pipelines.modelling import nodes
from entropice.pipelines.step_cost import Rate, RunSize, StepCost

ROWS_COMPARED: Final = 32_768
"""Training rows that each row of the map is compared with, at most (`entropice.learning.doubts.dissimilarity`)."""


def _bytes_of_fits(size: RunSize) -> float:
    """Two fits side by side of some 190 features, each with eight copies of its rows."""
    return 24e3 * size.n_rows


def _block_bytes(size: RunSize) -> float:
    """Of a block of cells in all years, as `entropice.learning.samples.block_bytes` counts it."""
    from entropice.learning.samples import BLOCK_COPIES, CELLS_PER_BLOCK

    n_rows = min(size.n_cells, CELLS_PER_BLOCK) * size.n_predicted_years
    return 8.0 * BLOCK_COPIES * n_rows * size.n_features


COSTS: Final = (
    StepCost(
        (nodes.build_training_table,),
        (Rate("rows", lambda size: size.n_rows, 50.0),),
        fixed_s=0.28,
        memory_bytes=lambda size: 4e3 * size.n_rows,
        written_bytes=lambda size: 1600.0 * size.n_rows,
    ),
    StepCost(
        (nodes.make_folds,),
        (Rate("rows × schemes", lambda size: size.n_rows * size.n_schemes, 60.0),),
        fixed_s=0.15,
        memory_bytes=lambda size: 4e3 * size.n_rows,
        written_bytes=lambda _: 13000.0,
    ),
    StepCost(
        (nodes.predict_out_of_fold,),
        (Rate("rows × fits", lambda size: size.n_rows * size.n_fits, 3.0),),
        fixed_s=6.1,
        memory_bytes=_bytes_of_fits,
        written_bytes=lambda size: 0.2 * size.n_rows * size.n_fits,
    ),
    StepCost(
        (nodes.score,),
        (
            Rate(
                "rows × schemes × models × draws",
                lambda size: size.n_rows * size.n_schemes * size.n_models * size.n_bootstrap,
                0.019,
            ),
            Rate("rows × fits of a fold", lambda size: size.n_rows * size.n_tuned_fits, 5.0),
        ),
        fixed_s=3.0,
        memory_bytes=_bytes_of_fits,
        written_bytes=lambda _: 29000.0,
    ),
    StepCost(
        (nodes.check_leaks,),
        (Rate("rows × fits of a fold", lambda size: size.n_rows * size.n_tuned_fits, 2.9),),
        fixed_s=1.0,
        memory_bytes=_bytes_of_fits,
        written_bytes=lambda _: 360.0,
    ),
    StepCost(
        (nodes.fit_model,),
        (Rate("rows × fits of a fold", lambda size: size.n_rows * size.n_tuned_fits, 6.0),),
        fixed_s=1.1,
        memory_bytes=_bytes_of_fits,
        written_bytes=lambda _: 95000.0,
    ),
    StepCost(
        (nodes.fit_doubts,),
        (Rate("rows × members", lambda size: size.n_rows * size.n_members, 35.0),),
        fixed_s=0.64,
        memory_bytes=_bytes_of_fits,
        written_bytes=lambda size: 83.0 * size.n_rows * size.n_members,
    ),
    StepCost(
        (nodes.predict,),
        (
            Rate("cells × years of the map", lambda size: size.n_predicted, 26.0),
            Rate("pairs with training rows", lambda size: size.n_predicted * min(size.n_rows, ROWS_COMPARED), 0.0039),
        ),
        fixed_s=0.59,
        memory_bytes=lambda size: _block_bytes(size) + 430.0 * size.n_predicted,
        written_bytes=lambda size: 110.0 * size.n_predicted,
    ),
    StepCost(
        (nodes.explain,),
        (Rate("rows × nulls", lambda size: size.n_rows * size.n_nulls, 80.0),),
        fixed_s=1.0,
        memory_bytes=_bytes_of_fits,
        written_bytes=lambda size: 22.0 * size.n_rows * size.n_nulls,
    ),
    StepCost(
        (nodes.describe_model,),
        (Rate("rows", lambda size: size.n_rows, 88.0),),
        fixed_s=0.49,
        memory_bytes=lambda size: _block_bytes(size) + 130.0 * size.n_predicted,
        written_bytes=lambda _: 15000.0,
    ),
)
