"""HTML pages: the main content, with its structure, from the tree of the page."""

from parsers.html.reader import read

__all__ = ["read"]
