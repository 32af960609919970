"""The report of a run of many cells: ``python -m benchmarks.large_report SMALL``.

SMALL is the folder of a grid that a run has filled, such as ``data/virtual_arctic/h3_4``; its cells are dealt out as in
`benchmarks.large_run`. Only the rendering of the page from the run's tables counts, not the making of those tables.
"""

import argparse
from pathlib import Path

from benchmarks.large_run import large_content
from benchmarks.measuring import highest_mb, markdown_table, measured
from entropice.report.html_report import render_html


def main() -> None:
    """Render the page and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small", type=Path)
    parser.add_argument("--grid", default="h3_5")
    parser.add_argument("--min-lat-deg", type=float, default=60.0, help="with h3_5, 134,000 cells")
    parser.add_argument("--page", type=Path, help="where to keep the page")
    given = parser.parse_args()
    content = large_content(given.small, given.grid, given.min_lat_deg)
    page, usage = measured(lambda: render_html(content))
    if given.page is not None:
        given.page.write_text(page, encoding="utf-8")
    row = [
        f"{len(content.frame('cells')):,}",
        f"{usage.wall_s:.1f}",
        f"{usage.cpu_s:.1f}",
        f"{len(page.encode()) / 1e6:.1f}",
        f"{highest_mb():,.0f}",
    ]
    print(markdown_table(["cells", "wall (s)", "CPU (s)", "page (MB)", "peak memory, tables and all (MB)"], [row]))  # noqa: T201


if __name__ == "__main__":
    main()
