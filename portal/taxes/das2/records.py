"""The records of the TD file, 672 characters each (cahier des charges TD/bilatéral, honoraires). Pure tables."""

from portal.taxes.das2.layout import Field, always, compiled, number, text, zeros

LENGTH = 672
END = "\r\n"  # after the last record too
ADDRESS_LENGTH = 129

# The eleven amounts, in the order of the form, whole euros. The portal pays three of them; the others are zero.
AMOUNTS = (
    "fees", "commissions", "brokerage", "rebates", "attendance", "copyright", "patents", "other", "refunds",
    "benefits", "withheld",
)  # fmt: skip

ADDRESS = compiled(
    ADDRESS_LENGTH,
    (
        text(1, 32, "complement"), number(34, 37, "number"), text(38, 38, "repeat"), text(40, 43, "kind"), text(45, 65, "street"),
        text(66, 70, "insee"), text(72, 97, "town"), text(98, 102, "postcode"), text(104, 129, "office"),
    ),
)  # fmt: skip


def _amounts(first: int, length: int) -> list[Field]:
    starts = range(first, first + length * len(AMOUNTS), length)
    return [number(start, start + length - 1, name) for start, name in zip(starts, AMOUNTS, strict=True)]


# Of an establishment and all that belongs to it: its SIRET, an ordinary declaration, the year, whether wages are declared too.
_PREFIX = (text(1, 14, "siret"), always(15, "01"), number(17, 20, "year"), text(21, 21, "wages"))

COMPANY = compiled(
    LENGTH,
    (
        text(1, 9, "siren"), zeros(10, 21), always(22, "010"), text(39, 43, "ape"), text(48, 97, "name"), text(98, 226, "address"),
        always(235, "X"), text(236, 249, "siret"), text(255, 383, "address"),
    ),
)  # fmt: skip
ESTABLISHMENT = compiled(
    LENGTH,
    (
        *_PREFIX, always(22, "020"), text(39, 43, "ape"), zeros(44, 57), text(99, 148, "name"), text(149, 277, "address"),
        always(371, "N"), always(375, "N"),
    ),
)  # fmt: skip
BENEFICIARY = compiled(
    LENGTH,
    (
        *_PREFIX, always(22, "210"), text(25, 38, "whose"), text(39, 68, "last_name"), text(69, 88, "first_names"),
        text(89, 138, "company_name"), text(169, 297, "address"), *_amounts(298, 10), text(411, 411, "in_kind"),
        text(417, 417, "exempt"), zeros(418, 427), text(428, 435, "born_on"),
    ),
)  # fmt: skip
ESTABLISHMENT_TOTAL = compiled(
    LENGTH,
    (
        *_PREFIX, always(22, "300"), zeros(61, 168), *_amounts(169, 12), zeros(313, 342), zeros(391, 402),
        text(477, 526, "contact"), text(527, 536, "phone"), text(537, 596, "email"), text(597, 605, "siren"),
    ),
)  # fmt: skip
COMPANY_TOTAL = compiled(
    LENGTH,
    (
        text(1, 9, "siren"), always(10, "9" * 12), always(22, "310"), always(25, "00001"), zeros(30, 35), number(36, 41, "people"),
        zeros(78, 185), *_amounts(186, 12), zeros(330, 359), zeros(408, 419),
    ),
)  # fmt: skip
