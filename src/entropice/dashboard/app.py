"""The dashboard, as Streamlit runs it: ``kedro dashboard`` starts it."""

import sys
from pathlib import Path
from typing import Final

import streamlit as st

from entropice.dashboard.filters import DOUBTS, Filters
from entropice.dashboard.finding import Found, find_runs, open_chosen
from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views import PAGES
from entropice.dashboard.views.page import Chosen
from entropice.dashboard.wording import counted, plain
from entropice.dggs.sectors import west_deg

SECONDS_UNTIL_LOOKED_AGAIN: Final = 30
STYLE: Final = """
[data-testid=stMain] { scrollbar-gutter: stable }  /* so that nothing is drawn anew when a bar comes */
.vega-bindings select { max-width: 100% }  /* a long name does not leave a telephone's screen */
"""


def main(root: str) -> None:
    """Draw the dashboard over the runs below a folder.

    `root` is the folder that the sidebar begins with. Streamlit runs this anew at each change; what cannot be opened is
    told in the sidebar, and without a run a sentence says so.
    """
    st.set_page_config("Entropice", layout="wide", menu_items={"about": "Reads run folders, and never writes one."})
    st.html(f"<style>{STYLE}</style>")
    titles = [page.title for page in PAGES]
    page = PAGES[titles.index(st.radio("Page", titles, horizontal=True, label_visibility="collapsed", key="page"))]
    with st.sidebar:
        runs, problems = _choose_runs(root)
        filters = _choose_filters(runs) if runs else None
        _show_problems(problems)
    st.title(page.title, anchor=False)
    st.caption(page.question)
    if filters is None:
        st.info("No page can be shown: no run is chosen, or none can be opened. See the sidebar for what was found.")
        return
    _show_notices(runs)
    page.show(Chosen(tuple(runs), filters))


@st.cache_resource(ttl=SECONDS_UNTIL_LOOKED_AGAIN, show_spinner="Looking for runs …")
def _found(root: str) -> Found:
    return find_runs(Path(root))


def _choose_runs(root: str) -> tuple[list[OpenedRun], dict[str, str]]:
    """The runs to show, and why others cannot be."""
    folder = st.text_input("Folder of runs", root, key="root")
    if not Path(folder).is_dir():
        st.error(f"There is no folder {plain(folder)}\\. Name the folder of your runs, such as `data`\\.")
        return [], {}
    found = _found(folder)
    if not found.runs:
        st.warning(
            "No run that can be opened lies below this folder. A run folder holds `manifest.json`; "
            "`kedro run` makes one."
        )
    names = st.multiselect("Runs", list(found.runs), list(found.runs)[:1], key="runs")
    with st.spinner("Opening …"):
        runs, problems = open_chosen(found, names)
    return runs, found.problems | problems


def _show_problems(problems: dict[str, str]) -> None:
    if not problems:
        return
    with st.expander(counted(len(problems), "run cannot be opened", "runs cannot be opened"), expanded=True):
        for name, message in problems.items():
            st.code(f"{name}\n{message}", language=None, wrap_lines=True)


def _choose_filters(runs: list[OpenedRun]) -> Filters:
    years = sorted({year for run in runs for year in run.run.years}, reverse=True)
    regions = sorted({str(region) for run in runs for region in run.regions.unique()}, key=west_deg)
    classes = list(dict.fromkeys(name for run in runs for name in run.run.class_names))
    year = st.selectbox("Year", years, format_func=runs[0].year_name, key="year")
    return Filters(
        year,
        tuple(st.multiselect("Regions (degrees of longitude)", regions, placeholder="all", key="regions")),
        tuple(st.multiselect("Most probable class", classes, placeholder="all", key="classes")),
        st.selectbox("Doubt", DOUBTS, format_func=lambda doubt: doubt.title, key="doubt"),
    )


def _show_notices(runs: list[OpenedRun]) -> None:
    """What runs say that readers must see."""
    for run in runs:
        if run.run.manifest["notice"]:
            st.warning(f"{plain(run.title)}: {plain(run.run.manifest['notice'])}")


if __name__ == "__main__":
    main(sys.argv[1])
