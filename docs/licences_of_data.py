"""Write docs/licences-of-data.md from the table that the code uses: ``python docs/licences_of_data.py``."""

from pathlib import Path

from entropice.acquisition.licences import LICENCES

HEADER = """# Licences of data

Generated from `src/entropice/acquisition/licences.py` by `python docs/licences_of_data.py`. Whoever shows results of
the environment `arctic` shows these credits; each report and manifest does. No data are part of this project.

| section of `download` | source | terms | credit | reference |
|---|---|---|---|---|
"""


def licences_of_data() -> str:
    """The page."""
    rows = [(f"`{key}`", one.source, one.terms, one.credit, one.reference) for key, one in LICENCES.items()]
    return HEADER + "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    Path(__file__).with_name("licences-of-data.md").write_text(licences_of_data(), encoding="utf-8")
