"""Random pixels whose logits tell something of the truth."""

import numpy as np


def gaussian_pixels(seed, n, prevalence, distance=2.0):
    """Logits that are right at the prevalence: normal with unit variance about ± distance / 2, as likelihood ratios."""
    random = np.random.default_rng([seed, 17])
    is_positive = random.random(n) < prevalence
    feature = random.normal(np.where(is_positive, distance / 2, -distance / 2))
    return distance * feature + np.log(prevalence / (1 - prevalence)), is_positive
