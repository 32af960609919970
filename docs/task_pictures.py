"""Pictures of the tutorials on tasks of imagery: ``python docs/task_pictures.py data/sea_ice/h3_4/demo``.

Draws the panel of every task of a finished run as its report does, into ``docs/images/<task>.png``.
"""

import sys
from pathlib import Path

from entropice.io.panels import PanelDataset
from entropice.report.image_run.pictures import draw_rows

IMAGES = Path(__file__).parent / "images"
ENDING = "_panel"
N_ROWS = 4


def main() -> None:
    """One picture a task."""
    folder = Path(sys.argv[1]) / "08_reporting"
    for path in sorted(folder.glob(f"*{ENDING}")):
        figure = draw_rows(PanelDataset(filepath=str(path)).load().rows[:N_ROWS])
        figure.savefig(IMAGES / f"{path.name.removesuffix(ENDING)}.png", dpi=110)


if __name__ == "__main__":
    main()
