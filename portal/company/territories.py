"""Territories: named sets of places, by which recommendations are given out and looked for. A place stands in one only."""

from collections.abc import Sequence

from portal.company.territories_places import FRANCE, Place, written
from portal.history.access import record
from portal.kit import db
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change

NAME_TAKEN = N_("Un territoire porte déjà ce nom.")
PLACE_TAKEN = N_("%(place)s est déjà dans le territoire %(name)s : un lieu n'est que dans un territoire.")


async def territory_of(postcode: str, country: str = FRANCE) -> db.Row | None:
    """Id, ref and name of where it lies: of two that fit, the one that says more of the postcode. None: in no territory."""
    return await db.row(
        "SELECT id, ref, name FROM territory WHERE id = territory_of($1, $2)",
        postcode.replace(" ", "").upper(), country or FRANCE,
    )  # fmt: skip


async def territories() -> list[db.Row]:
    """Those in use, by name; what may be chosen."""
    return await db.rows("SELECT id, ref, name FROM territory WHERE active ORDER BY name")


async def with_places() -> list[db.Row]:
    """Retired ones too; places as codes, FR69."""
    return await db.rows(
        """SELECT territory.*, ARRAY (SELECT country || prefix FROM territory_place WHERE territory_id = territory.id ORDER BY 1) AS places
           FROM territory ORDER BY active DESC, name"""
    )


async def territory_for(ref: str) -> db.Row:
    found = await db.row("SELECT * FROM territory WHERE ref = $1", ref)
    if found is None:
        raise NotFound("territory")
    return found


async def places_of(territory_id: int) -> list[Place]:
    rows = await db.rows(
        "SELECT country, prefix FROM territory_place WHERE territory_id = $1 ORDER BY country, prefix",
        territory_id,
    )
    return [Place(row["country"], row["prefix"]) for row in rows]


async def open_territory(name: str, places: Sequence[Place]) -> db.Row:
    """Raises Refused for a name or a place that another has."""
    await _refuse_a_taken_name(name)
    territory_id = await db.insert("territory", ref=new_ref(), name=name)
    await _put(territory_id, places)
    await record("company.territory_opened", "territory", territory_id, places=_codes(places))
    found = await db.row("SELECT * FROM territory WHERE id = $1", territory_id)
    assert found is not None
    return found


async def correct(territory: db.Row, version: int, name: str, places: Sequence[Place]) -> None:
    """Its places from now on; one that was retired is in use again. Raises Stale."""
    await _refuse_a_taken_name(name, territory["id"])
    before = await places_of(territory["id"])
    await change("territory", territory["id"], version, name=name, active=True)
    await db.execute("DELETE FROM territory_place WHERE territory_id = $1", territory["id"])
    await _put(territory["id"], places)
    await record(
        "company.territory_corrected", "territory", territory["id"],
        renamed=name != territory["name"], before=_codes(before), after=_codes(places),
    )  # fmt: skip


async def retire(territory: db.Row, version: int) -> None:
    """Its places belong to nobody again; what was given out by it stays. Raises Stale."""
    if not territory["active"]:
        raise Stale("stale")
    before = await places_of(territory["id"])
    await change("territory", territory["id"], version, active=False)
    await db.execute("DELETE FROM territory_place WHERE territory_id = $1", territory["id"])
    await record("company.territory_retired", "territory", territory["id"], before=_codes(before))


async def _refuse_a_taken_name(name: str, but: int | None = None) -> None:
    if await db.value(
        "SELECT EXISTS (SELECT FROM territory WHERE lower(name) = lower($1) AND id IS DISTINCT FROM $2)",
        name,
        but,
    ):
        raise Refused("territory_known", NAME_TAKEN)


async def _put(territory_id: int, places: Sequence[Place]) -> None:
    """One statement: of two who take the same place at once, one is told."""
    taken = await db.row(
        """WITH wanted AS (SELECT * FROM unnest($2::text[], $3::text[]) AS place (country, prefix)),
                put AS (INSERT INTO territory_place (territory_id, country, prefix)
                        SELECT $1, country, prefix FROM wanted ON CONFLICT DO NOTHING RETURNING country, prefix)
           SELECT country, prefix, coalesce((SELECT name FROM territory JOIN territory_place place ON place.territory_id = territory.id
                   WHERE (place.country, place.prefix) = (wanted.country, wanted.prefix)), '') AS name
           FROM wanted LEFT JOIN put USING (country, prefix) WHERE put.prefix IS NULL ORDER BY country, prefix LIMIT 1""",
        territory_id, [place.country for place in places], [place.prefix for place in places],
    )  # fmt: skip
    if taken:
        place = written([Place(taken["country"], taken["prefix"])])
        raise Refused("place_taken", PLACE_TAKEN, place=place, name=taken["name"])


def _codes(places: Sequence[Place]) -> list[str]:
    return [f"{place.country}{place.prefix}" for place in places]
