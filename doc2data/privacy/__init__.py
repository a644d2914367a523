"""Personal data: found by form and check digit, by a list of names, and masked alike wherever it goes out.

    Scanner   what stands in a text: e-mail addresses, phone and ID numbers, cards, IBANs, IP addresses, secrets, names
    Ledger    what was found where, and which placeholder stands for it; a file of the project, never of an export
    Shield    samples and texts as an export may show them

Precision before recall: a number counts where its form and its check digits, or a word before it, say what it is.
Dates, versions, part numbers, section numbers and figures of tables do not.
"""

from doc2data.privacy.finding import KINDS, Finding, Kind
from doc2data.privacy.ledger import Ledger
from doc2data.privacy.names import read_names
from doc2data.privacy.scanner import Scanner
from doc2data.privacy.shield import Shield, Summary

__all__ = ["KINDS", "Finding", "Kind", "Ledger", "Scanner", "Shield", "Summary", "read_names"]
