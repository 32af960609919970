"""Which cells of a run are selected on the map: kept while other pages are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st


@dataclass
class Selection:
    """The selected cells, and what the map is told to select.

    Numbers of cells are their places in the table of cells, from 0.

    Attributes
    ----------
    cells
        Their numbers.
    version
        Is another one where the map must take over `cells`.
    """

    cells: list[int] = field(default_factory=list)
    version: int = 0

    @classmethod
    def of(cls, run_id: str) -> "Selection":
        """The selection among the cells of a run, in this session.

        It is made, empty, when it is first asked for, and lasts as long as the browser's session. It has to be called
        within Streamlit.
        """
        selection: Selection = st.session_state.setdefault(f"selection {run_id}", cls())
        return selection

    def before_drawing(self, held: list[str]) -> None:
        """A map that holds nothing has been made anew, and is to take over what was selected before.

        `held` are the keys of arrays that the map holds; empty counts `version` up by one.
        """
        self.version += not held

    def after_drawing(self, told: Mapping[str, Any] | None) -> None:
        """Take over what is selected on a map that holds the cells.

        `told` has ``holds`` and ``selected``, as the map sends them; None, or a map that holds nothing yet, changes
        nothing.
        """
        if told and told["holds"]:
            self.cells = told["selected"]
