"""How Sphinx makes the documentation site: ``make docs``. Nothing is fetched, neither by the build nor by a reader."""

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel

sys.path.insert(0, str(Path(__file__).with_name("sphinx_extensions")))
os.environ["SPHINX_APIDOC_OPTIONS"] = "members,show-inheritance,ignore-module-all"
# Sphinx 9.0 does not heed apidoc_automodule_options in the files of packages.
METADATA = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Entropice"
author = METADATA["authors"][0]["name"]
copyright = author  # the name that Sphinx reads
release = version = METADATA["version"]

extensions = ["myst_parser", "sphinx.ext.apidoc", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "mathml"]
exclude_patterns = ["api/modules.rst"]
suppress_warnings = [
    "ref.python",  # a bare type in a signature, such as Samples, may be that of several rooms
    "myst.header",  # some pages hold tables as benchmarks print them, under headings of the third level
]
nitpicky = True
nitpick_ignore_regex = [("py:(class|obj|exc|data)", ".*")]  # types of libraries, whose lists of names would be fetched

html_theme = "alabaster"
html_theme_options = {"description": METADATA["description"], "page_width": "75rem", "sidebar_width": "16rem"}
html_static_path = ["static"]
html_css_files = ["tables.css"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4

apidoc_modules = [{"path": "../src/entropice", "destination": "api", "max_depth": 1}]
apidoc_module_first = True
apidoc_separate_modules = False
autodoc_default_options = {"exclude-members": "model_config, set_fit_request, set_score_request, set_predict_request"}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_ivar = True


PAGES_BELOW = {"decisions/README": "0*", "plugin/README": "*"}
"""Pages whose folder follows them in the site; they are read elsewhere too, so their files hold no directive."""


INCLUDED = {"../CHANGELOG.md": "changelog.md", "../benchmarks/README.md": "benchmarks.md"}
"""Pages of the site by the files outside `docs` that they include, to which other pages link."""


def setup(app: Any) -> None:
    """Tell the fields of parameter models, whose descriptions autodoc does not read, and what lies below a page."""
    app.connect("source-read", _link_included)
    app.connect("source-read", _add_pages_below)
    app.connect("autodoc-process-docstring", _tell_fields)
    plain: list[str] = []
    app.connect("autodoc-process-docstring", lambda *told: plain.__setitem__(slice(None), told[-1]), priority=499)
    app.connect("autodoc-process-docstring", lambda *told: _keep_sentences(told[1], told[-1], plain), priority=501)
    app.connect("autodoc-skip-member", _skip_aliases)
    app.connect("autodoc-process-signature", _without_fields)


def _link_included(_app: Any, _page: str, source: list[str]) -> None:
    for file, page in INCLUDED.items():
        source[0] = source[0].replace(f"]({file}", f"]({page}")


def _add_pages_below(_app: Any, page: str, source: list[str]) -> None:
    if page in PAGES_BELOW:
        source[0] += f"\n```{{toctree}}\n:hidden:\n:glob:\n\n{PAGES_BELOW[page]}\n```\n"


def _tell_fields(_app: Any, what: str, _name: str, described: Any, _options: Any, lines: list[str]) -> None:
    if not _is_model(what, described):
        return
    for name, field in described.model_fields.items():
        limits = ", ".join(repr(limit) for limit in field.metadata)
        default = "" if field.is_required() else f" Default: ``{field.get_default(call_default_factory=True)!r}``."
        lines += ["", f"- **{name}**{f' (``{limits}``)' if limits else ''}: {field.description or ''}{default}"]


def _keep_sentences(what: str, lines: list[str], plain: list[str]) -> None:
    """Undo what napoleon makes of a constant's sentence: it takes what stands before a colon for a type."""
    if what in ("attribute", "data", "property"):
        lines[:] = plain


def _skip_aliases(_app: Any, _what: str, _name: str, described: Any, *_more: Any) -> bool | None:
    is_alias = (getattr(described, "__doc__", None) or "").startswith("Alias for field number")
    return True if is_alias else None


def _without_fields(_app: Any, what: str, _name: str, described: Any, *_signature: Any) -> tuple[str, None] | None:
    return ("", None) if _is_model(what, described) else None


def _is_model(what: str, described: Any) -> bool:
    return what == "class" and isinstance(described, type) and issubclass(described, BaseModel)
