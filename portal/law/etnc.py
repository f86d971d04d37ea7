"""States and territories that do not cooperate in tax matters (CGI 238-0 A): nothing is paid there, certificate or not."""

from datetime import date

from portal.law.figures import LONG_SINCE, Figure

REVIEWED = date(2026, 11, 21)
COUNTRIES = "etnc.countries"

FIGURES = {
    COUNTRIES: (
        # What an old commission is judged by; the lists of before 2024 were not read one by one.
        Figure(
            LONG_SINCE,
            ("AG", "AI", "AS", "FJ", "GU", "PA", "PW", "RU", "TC", "TT", "VI", "VU", "WS"),
            "arrêté du 12 février 2010 modifié, liste non relue",
            REVIEWED,
            to_confirm=True,
        ),
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
