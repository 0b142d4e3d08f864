"""How the pages of this folder are built: `make docs`. The second language is `-D language=zh_CN`."""

import os
import sys
from importlib.metadata import version as installed
from pathlib import Path

from pygments.lexers.special import TextLexer

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))  # a checkout that was not installed

project = "initbench"
author = "The initbench authors"
copyright = author
release = version = installed("initbench")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build", "locale"]
nitpicky = False
myst_enable_extensions = ["colon_fence", "deflist", "attrs_block"]
myst_heading_anchors = 3
highlight_language = "none"  # indented blocks are formulas
suppress_warnings = ["myst.header"]

language = "en"
locale_dirs = ["locale"]
gettext_compact = False
gettext_uuid = False
gettext_location = False
figure_language_filename = "{root}.{language}{ext}"

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False

smartquotes = False  # -- begins an option

html_theme = "furo"
html_title = f"initbench {release}"
html_static_path = ["static"]
templates_path = ["templates"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_sourcelink = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/languages.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
copybutton_exclude = ".linenos, .gp, .go"

linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_anchors = False


class Mermaid(TextLexer):
    """Graphs of rules: GitHub draws them, the built pages show their text."""

    aliases = ("mermaid",)


def setup(app) -> None:
    """Join what the pages need to Sphinx."""
    os.environ.setdefault("NUMBA_DISABLE_PERFORMANCE_WARNINGS", "1")
    app.add_lexer("mermaid", Mermaid)
