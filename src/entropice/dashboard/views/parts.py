"""What several pages are put together from."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, Final

import pandas as pd
import streamlit as st

from entropice.dashboard.filtered import FilteredRun
from entropice.dashboard.filters import Filters
from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views.page import Chosen
from entropice.dashboard.wording import counted, plain
from entropice.report.charts import find_chart
from entropice.report.charts.chart import Chart
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

MAX_ROWS: Final = 1_000
MAX_CAPTION: Final = 2_000


def each_run(chosen: Chosen) -> Iterator[OpenedRun]:
    """The chosen runs, each below a heading of its own where there are several.

    The heading is drawn when its run is asked for.
    """
    for run in chosen.runs:
        if len(chosen.runs) > 1:
            st.header(plain(run.title), divider="gray")
        yield run


def missing(what: str, why: str) -> None:
    """Say what a page does not show, and why.

    Both are shown as they are: what comes of a run has to pass `plain` before.
    """
    st.info(f"{what} {why}")


def charts(run: OpenedRun, filters: Filters, keys: tuple[str, ...]) -> None:
    """Draw charts of the cells that pass the filters, or say why there are none.

    `keys` are those of `report.charts`, drawn in their order. Below each stand its caption, what of it is not filtered,
    and its rows to download, as SVG too where vl-convert is installed.
    """
    for key in keys:
        _chart(FilteredRun(run, filters), find_chart(key))


def _chart(run: FilteredRun, chart: Chart) -> None:
    st.subheader(chart.title, anchor=False)
    facts = run.facts
    frame = pd.DataFrame() if chart.missing(run) else chart.frame(run)
    if frame.empty:
        st.info(plain(chart.missing(run) or _why_empty(run, chart), MAX_CAPTION))
        return
    specification = _for_narrow_windows(chart.specification(frame, facts))
    st.vega_lite_chart(specification, theme=None, width="stretch", key=f"{chart.key} {run.run.name}")
    st.caption(plain(f"{chart.caption_in(facts)}{_untouched(run, chart)}", MAX_CAPTION))
    name = f"{chart.key}_{run.run.run.manifest['run_id']}"
    rows = frame.drop(columns="geometry", errors="ignore")
    with st.container(horizontal=True):
        download("CSV", lambda: csv_bytes(rows), f"{name}.csv", "text/csv", f"{name} CSV {run.run.name}")
        if find_spec("vl_convert") is not None:
            svg = f"{name} SVG {run.run.name}"
            download("SVG", lambda: svg_bytes(specification), f"{name}.svg", "image/svg+xml", svg)


def _why_empty(run: FilteredRun, chart: Chart) -> str:
    has_rows = not chart.frame(run.run.run).empty
    return "No rows pass the filters." if has_rows else chart.reason_in(run.facts)


def _untouched(run: FilteredRun, chart: Chart) -> str:
    """What of a chart is not of the filtered cells."""
    titles = run.untouched(chart.needs)
    return f" Of the whole run, whatever is filtered: {', '.join(titles).lower()}." if titles else ""


def _for_narrow_windows(specification: dict[str, Any]) -> dict[str, Any]:
    """The specification with one name a line in its legends, so that none is cut on a telephone."""
    config = specification["config"]
    return specification | {"config": config | {"legend": config["legend"] | {"columns": 1}}}


def svg_bytes(specification: dict[str, Any]) -> bytes:
    """A chart as SVG, as `kedro figures` writes it.

    `specification` is Vega-Lite with its data; text stays text, UTF-8.

    Raises
    ------
    ImportError
        vl-convert is not installed.
    """
    from entropice.report.chart_files import chart_svg, for_paper

    return chart_svg(for_paper(specification))


def titled(rows: DataFrame, facts: RunFacts) -> DataFrame:
    """Scores with titles in place of the names of schemes, models and scores.

    Names without a title stay as they are; columns that the table does not have are passed over. A copy is returned.
    """
    titles = {
        "scheme": {scheme.name: scheme.title for scheme in facts.texts.schemes},
        "model": facts.model_titles,
        "score": {score.name: score.title for score in facts.texts.scores},
    }
    known = {column: names for column, names in titles.items() if column in rows}
    return rows.assign(**{column: rows[column].replace(names) for column, names in known.items()})


def table(frame: DataFrame, name: str, key: str) -> None:
    """The first rows of a table, and all of them to download.

    Up to 1,000 rows are shown. `name` is that of the CSV file without its suffix, `key` tells its button from others.
    """
    st.dataframe(frame.head(MAX_ROWS), hide_index=True, width="stretch")
    if len(frame) > MAX_ROWS:
        st.caption(f"The first {MAX_ROWS:,} of {counted(len(frame), 'row', 'rows')}; the download has all.")
    download("CSV", lambda: csv_bytes(frame), f"{name}.csv", "text/csv", key)


def download(label: str, content: Callable[[], bytes], file_name: str, mime: str, key: str) -> None:
    """A button; its file is made when it is pressed.

    `content` gives the file's bytes; the page is not drawn anew by it. `key` has to be the button's alone.
    """
    st.download_button(f"{label} · {file_name}", content, file_name, mime, key=key, on_click="ignore")


def csv_bytes(frame: DataFrame) -> bytes:
    r"""A table as CSV in UTF-8; null is an empty field.

    A header of the columns, no index, lines that end in a line feed, numbers in full precision.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"cell": ["a", "b"], "p_any_rts": [0.25, None]}))
    b'cell,p_any_rts\na,0.25\nb,\n'
    """
    return frame.to_csv(index=False, lineterminator="\n").encode()
