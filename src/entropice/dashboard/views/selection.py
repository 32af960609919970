"""Which cells of a run are selected on the map: kept while other pages are shown."""

from dataclasses import dataclass, field

import streamlit as st


@dataclass
class Selection:
    """Numbers of the selected cells, and what the map was last told to select."""

    cells: list[int] = field(default_factory=list)
    version: int = 0
    told: list[int] = field(default_factory=list)
    is_on_map: bool = False

    @classmethod
    def of(cls, run_id: str) -> "Selection":
        """The selection among the cells of a run, in this session."""
        selection: Selection = st.session_state.setdefault(f"selection {run_id}", cls())
        return selection

    def given(self) -> tuple[list[int], int]:
        """What the map is to select, and a number that is another one where the map must take that over."""
        return self.told, self.version

    def take(self, chosen: list[int] | None) -> list[int]:
        """Take over what was chosen on the map; a map that has been made anew has chosen nothing yet, and is told."""
        if chosen is None and self.is_on_map:
            self.version, self.told, self.is_on_map = self.version + 1, self.cells, False
        elif chosen is not None:
            self.cells, self.is_on_map = chosen, True
        return self.cells
