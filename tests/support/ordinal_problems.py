"""Small tables with ordered classes, groups of columns and an exposure."""

import numpy as np
import pandas as pd

NAMES = ["warm", "wet", "steep", "rough", "log_area"]
GROUPS = ["climate", "climate", "terrain", "terrain", "exposure"]


def ordered_table(seed: int = 0, n_rows: int = 120, n_classes: int = 4) -> tuple[pd.DataFrame, np.ndarray]:
    """Columns in very different units, one in twelve values unknown; classes rise with "warm" and the exposure."""
    random = np.random.default_rng(seed)
    z = random.normal(size=(n_rows, len(NAMES)))
    latent = z[:, 0] + 0.5 * z[:, 2] + 0.7 * z[:, 4] + random.logistic(scale=0.5, size=n_rows)
    edges = np.quantile(latent, np.linspace(0.4, 0.9, n_classes - 1))
    frame = pd.DataFrame(z * [1.0, 1e3, 1e-3, 10.0, 0.5] + [0.0, -500.0, 0.0, 3.0, 20.0], columns=NAMES)
    unknown = random.random(z.shape) < 1 / 12
    unknown[:, -1] = False
    return frame.mask(unknown), np.searchsorted(edges, latent)
