"""Sphinx's settings of the documentation site. `make docs` builds it; tools/site has what Sphinx does not bring."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, os.fspath(ROOT))

import inkling  # noqa: E402
from tools.site.execution import cache_folder, isolate  # noqa: E402

isolate(os.environ)

project = "Inkling"
author = "the Inkling contributors"
project_copyright = "the Inkling contributors, MIT licence"
release = inkling.__version__
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "tools.site",
]

# Pages are Markdown that GitHub shows as well.
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
html_math_renderer = "mathml"  # made while the site is built: nothing is fetched and no script runs

# Cells are executed once for each state of the package. Notebooks have stored outputs, which tests check.
nb_execution_mode = "cache"
nb_execution_cache_path = os.fspath(cache_folder(ROOT))
nb_execution_excludepatterns = ["repository/notebooks/*"]
nb_execution_in_temp = True
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_output_stderr = "show"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}

# The reference is made of docstrings, whose `names` are Python's.
default_role = "py:obj"
add_module_names = False
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 100
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "Inkling"
html_favicon = "../src/inkling/page/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0072b2", "color-brand-content": "#0067a3"},
    "dark_css_variables": {"color-brand-primary": "#56b4e9", "color-brand-content": "#56b4e9"},
}
copybutton_prompt_text = "$ "
