"""How Sphinx makes the documentation site: ``make docs``. Nothing is fetched, neither by the build nor by a reader."""

import os
import sys
import tomllib
from pathlib import Path

import fastapi.applications  # noqa: F401 - autodoc imports with TYPE_CHECKING set, under which its models cannot be made

sys.path.insert(0, str(Path(__file__).with_name("sphinx_extensions")))
os.environ["SPHINX_APIDOC_OPTIONS"] = "members,show-inheritance,ignore-module-all"
# Sphinx 9.0 does not heed apidoc_automodule_options in the files of packages.
METADATA = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Entropice"
author = METADATA["authors"][0]["name"]
copyright = author  # the name that Sphinx reads
release = version = METADATA["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "house_docstrings",
    "linked_pages",
    "mathml",
]
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
autodoc_default_options = {"exclude-members": "model_config"}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_ivar = True
