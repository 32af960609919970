"""The dashboard without a browser: its pages one after the other, and all that they say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from streamlit.testing.v1 import AppTest

from entropice.dashboard.views import PAGES

TITLES: Final = [page.title for page in PAGES]


def _script(root: str) -> None:
    from entropice.dashboard.app import main

    main(root)


def open_dashboard(root: Path, page: str = TITLES[0]) -> AppTest:
    """The dashboard over a folder, at a page."""
    test = AppTest.from_function(_script, args=(str(root),), default_timeout=60)
    test.session_state["page"] = page
    return test.run()


def told_by(test: AppTest) -> str:
    """All texts of a page."""
    shown = [*test.info, *test.warning, *test.error, *test.caption, *test.code, *test.markdown, *test.subheader]
    return "\n".join(str(element.value).replace("\\", "") for element in shown)


def each_page(test: AppTest) -> Iterator[str]:
    """Title after title, each page drawn without failing."""
    for page in TITLES:
        test.radio(key="page").set_value(page).run()
        assert not test.exception, page
        assert test.title[0].value == page
        yield page
