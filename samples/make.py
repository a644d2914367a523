"""Makes the sample documents that have a source of their own; run it with `python samples/make.py`.

The HTML page and the Markdown list in `documents/` are their own sources and are left alone. The same sources make
the same bytes.
"""

from pathlib import Path

import manual
import word

HERE = Path(__file__).parent
SOURCE, DOCUMENTS = HERE / "source", HERE / "documents"


def main() -> None:
    """Writes the PDF manual and the two Word documents."""
    manual.write(SOURCE / "manual.md", SOURCE / "factory-record.md", DOCUMENTS / "OM-400-RM-400-operating-manual.pdf")
    word.write(SOURCE / "service-procedure.md", DOCUMENTS / "SP-117-annual-service.docx")
    word.write(SOURCE / "installation-guide-zh.md", DOCUMENTS / "IG-400-installation-guide-zh.docx")


if __name__ == "__main__":
    main()
