"""How many sequences a network sees, at most: those of all ground and steps, or as many as are drawn."""

import math

from entropice.pipelines.kinds.frames.parameters import FrameParameters
from entropice.pipelines.samples.sizes import n_validated
from entropice.pipelines.step_cost import Images, Learned


def learned(section: FrameParameters, images: Images) -> Learned:
    """Sequences by the shares of steps and of ground; what is judged is rolled out as far as forecasts reach.

    What comes back is the shape of a sequence, (time, band, row, column), and numbers of sequences: in training and in
    validation, all epochs together, held out, and learned from. Where only files say how large fields are, numbers of
    sequences are NaN; a limit of batches in an epoch holds all the same.
    """
    windows, training = section.samples.windows, section.training
    n_windows, (train, validation) = _n_windows(section, images), _shares(section, images)
    n_rolled_out = -(-windows.future_horizons // windows.forecast_horizon)
    n_steps = section.samples.steps_per_epoch
    n_seen = n_windows * train if n_steps is None else n_steps * training.batch_size
    return Learned(
        (windows.n_frames_in, len(section.bands), windows.n_pixels, windows.n_pixels),
        training.n_epochs * n_seen,
        n_validated(section) * n_windows * validation,
        n_rolled_out * n_windows * (1 - train),
        n_windows * train,
    )


def _n_windows(section: FrameParameters, images: Images) -> float:
    windows = section.samples.windows
    n_places = math.prod((edge_px - windows.n_pixels) // windows.stride_px + 1 for edge_px in images.edges_px)
    n_begun = (images.n_steps - windows.n_frames_in) / windows.every_steps
    n_windows = max(n_places * n_begun, 0)
    return n_windows if windows.n_windows is None else min(n_windows, windows.n_windows)


def _shares(section: FrameParameters, images: Images) -> tuple[float, float]:
    """Of training and of validation: other steps, or other ground."""
    splits = section.samples.splits
    n_earlier = images.n_steps - splits.n_later_steps - splits.n_validated_steps
    if splits.space is None:
        return n_earlier / images.n_steps, splits.n_validated_steps / images.n_steps
    return splits.space.train * n_earlier / images.n_steps, splits.space.validation * n_earlier / images.n_steps
