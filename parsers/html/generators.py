"""Where documentation systems put the text of a page.

Reference pages have little prose to be found by, but their generators mark the place of the text by fixed names.
"""

from __future__ import annotations

from parsers.html.tree import Element

_CLASSES = (
    ("theme-doc-markdown",),  # Docusaurus
    ("md-content__inner",),  # Material for MkDocs
    ("bd-article",),  # Sphinx: PyData and Book themes
    ("rst-content",),  # Sphinx: Read the Docs theme; MkDocs: readthedocs theme
    ("vp-doc",),  # VitePress
    ("wiki-content",),  # Confluence, page and space export
    ("devsite-article-body",),  # Google developer sites
    ("markdown-section",),  # GitBook, docsify
    ("markdown-body", "entry-content"),  # GitHub, as saved
)
_IDS = ("furo-main-content", "jp-main-content-panel")
MIN_SHARE = 0.02


def documentation_root(root: Element) -> Element | None:
    """The one element that a known documentation system fills with the page's own text; None on other pages.

    Args:
        root: the page's body.
    """
    found = [element for element in root.iter("div", "article", "main", "section") if _is_marked(element)]
    outermost = [element for element in found if not any(other in found for other in element.iterancestors())]
    if len(outermost) != 1:
        return None
    return outermost[0] if _length(outermost[0]) > _length(root) * MIN_SHARE else None


def _is_marked(element: Element) -> bool:
    if element.get("id") in _IDS:
        return True
    classes = (element.get("class") or "").split()
    if not classes:
        return False
    if element.get("role") == "main" and "body" in classes:  # Sphinx: basic and classic themes
        return True
    return any(all(name in classes for name in names) for names in _CLASSES)


def _length(element: Element) -> int:
    return sum(len(str(text).strip()) for text in element.itertext())
