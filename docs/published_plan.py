"""Write docs/published-plan*.md, the sizes ``published`` beside what was published: ``python docs/published_plan.py``.

Plans are those that training would carry out, made from the parameters of an environment; nothing is drawn or trained.
"""

from typing import Final

from published_plans.glacial_lakes import GLACIAL_LAKES
from published_plans.human_modification import HUMAN_MODIFICATION
from published_plans.items import PROJECT
from published_plans.sea_ice import SEA_ICE
from published_plans.slumps import SLUMPS

PAGES: Final = (SLUMPS, SEA_ICE, HUMAN_MODIFICATION, GLACIAL_LAKES)


def main() -> None:
    """Write every page."""
    for page in PAGES:
        (PROJECT / "docs" / page.name).write_text(page.text(page.items()), encoding="utf-8")


if __name__ == "__main__":
    main()
