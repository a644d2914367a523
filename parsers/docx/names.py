"""Namespaces of WordprocessingML and its neighbours, as python-docx names them, in lxml's notation."""

from __future__ import annotations

from docx.oxml.ns import nsmap

W = f"{{{nsmap['w']}}}"
R = f"{{{nsmap['r']}}}"
M = f"{{{nsmap['m']}}}"
A = f"{{{nsmap['a']}}}"
DGM = f"{{{nsmap['dgm']}}}"
C = f"{{{nsmap['c']}}}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W14 = f"{{{nsmap['w14']}}}"
WP = f"{{{nsmap['wp']}}}"
V = "{urn:schemas-microsoft-com:vml}"
PKG_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
DC = f"{{{nsmap['dc']}}}"

VAL = f"{W}val"
