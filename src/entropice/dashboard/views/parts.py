"""What several pages are put together from."""

from collections.abc import Callable, Iterator
from typing import Final

import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views.page import Chosen
from entropice.dashboard.wording import counted, plain
from entropice.types import DataFrame

MAX_ROWS: Final = 1_000


def each_run(chosen: Chosen) -> Iterator[OpenedRun]:
    """The chosen runs, each below a heading of its own where there are several."""
    for run in chosen.runs:
        if len(chosen.runs) > 1:
            st.header(plain(run.title), divider="gray")
        yield run


def missing(what: str, why: str) -> None:
    """Say what a page does not show, and why."""
    st.info(f"{what} {why}")


def table(frame: DataFrame, name: str, key: str) -> None:
    """The first rows of a table, and all of them to download."""
    st.dataframe(frame.head(MAX_ROWS), hide_index=True, width="stretch")
    if len(frame) > MAX_ROWS:
        st.caption(f"The first {MAX_ROWS:,} of {counted(len(frame), 'row', 'rows')}; the download has all.")
    download("CSV", lambda: csv_bytes(frame), f"{name}.csv", "text/csv", key)


def download(label: str, content: Callable[[], bytes], file_name: str, mime: str, key: str) -> None:
    """A button; its file is made when it is pressed."""
    st.download_button(f"{label} · {file_name}", content, file_name, mime, key=key, on_click="ignore")


def csv_bytes(frame: DataFrame) -> bytes:
    """A table as CSV in UTF-8; null is an empty field."""
    return frame.to_csv(index=False, lineterminator="\n").encode()
