"""What the company puts of its own on every page: name, accent, logo."""

import time
from dataclasses import dataclass

from portal.kit import db
from portal.kit.contrast import accent_stylesheet

SHIPPED_ACCENT = "#1f4d3a"


@dataclass(frozen=True, slots=True)
class Brand:
    """`logo` and `stylesheet` are addresses, or empty."""

    name: str
    logo: str = ""
    stylesheet: str = ""


KEPT_SECONDS = 10  # another process may show the former brand that long
_kept: dict[str, tuple[float, Brand | None]] = {}  # by database


async def current() -> Brand | None:
    """Every page shows it, so that it is asked for now and then only."""
    database = db.engine().config["database"]
    until, brand = _kept.get(database, (0.0, None))
    if until < time.monotonic():
        brand = await _read()
        _kept[database] = time.monotonic() + KEPT_SECONDS, brand
    return brand


def forget() -> None:
    """The company has just changed it."""
    _kept.clear()


async def _read() -> Brand | None:
    found = await db.row(
        "SELECT brand_name, accent, logo_file, version FROM legal_entity ORDER BY id LIMIT 1"
    )
    if found is None:
        return None
    own = found["accent"] != SHIPPED_ACCENT
    return Brand(
        found["brand_name"],
        f"/marque/logo?v={found['logo_file']}" if found["logo_file"] else "",
        f"/marque.css?v={found['version']}" if own else "",
    )


async def name() -> str:
    return await db.value("SELECT brand_name FROM legal_entity ORDER BY id LIMIT 1") or "Entremise"


async def stylesheet() -> str:
    accent = await db.value("SELECT accent FROM legal_entity ORDER BY id LIMIT 1")
    return accent_stylesheet(accent or SHIPPED_ACCENT)
