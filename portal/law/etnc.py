"""States and territories that do not cooperate in tax matters (CGI 238-0 A): nobody who lives there is paid."""

from datetime import date

from portal.law.figures import Figure

REVIEWED = date(2026, 11, 21)
COUNTRIES = "etnc.countries"

FIGURES = {
    COUNTRIES: (
        Figure(
            date(2024, 2, 17),
            ("AG", "AI", "AS", "BS", "BZ", "FJ", "GU", "PA", "PW", "RU", "SC", "TC", "TT", "VI", "VU", "WS"),
            "arrêté du 16 février 2024, NOR ECOE2404539A",
            REVIEWED,
            to_confirm=False,
        ),
        # Of 2026 no order was found: the company confirms the list.
        Figure(
            date(2025, 5, 1),
            ("AG", "AI", "AS", "FJ", "GU", "PA", "PW", "RU", "TC", "TT", "VI", "VU", "WS"),
            "arrêté du 18 avril 2025, NOR ECOE2500299A",
            REVIEWED,
            to_confirm=True,
        ),
    ),
}
