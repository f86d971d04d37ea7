"""Clients by what identifies them."""

from collections.abc import Collection

from portal.kit import db
from portal.kit.problems import NotFound

Key = tuple[str, str]
Described = tuple[str, str, str]  # name, domain, SIREN or ''
TOO_COMMON = 20  # a key that so many share says nothing
CANDIDATES = 50


async def owners(subject_kind: str, keys: Collection[Key]) -> list[int]:
    """Those that share a telling key, the SIREN first, the earliest first."""
    if not keys:
        return []
    found = await db.rows(
        """WITH wanted AS (SELECT * FROM unnest($2::text[], $3::text[]) AS key (kind, value)),
                shared AS (
                  SELECT match_key.subject_id, wanted.kind, count(*) OVER (PARTITION BY wanted.kind, wanted.value) AS owners
                  FROM wanted JOIN match_key USING (kind, value) WHERE match_key.subject_kind = $1)
           SELECT subject_id, bool_or(kind = 'siren') AS by_siren FROM shared WHERE owners <= $4
           GROUP BY subject_id ORDER BY by_siren DESC, subject_id LIMIT $5""",
        subject_kind, [kind for kind, _ in keys], [value for _, value in keys], TOO_COMMON, CANDIDATES,
    )  # fmt: skip
    return [row["subject_id"] for row in found]


def _same_name_and_domain(subject_kind: str, name: str, domain: str, siren: str, most: str) -> str:
    return f"""
      SELECT subject_id FROM match_key named JOIN match_key lives USING (subject_kind, subject_id)
      WHERE subject_kind = {subject_kind} AND (named.kind, named.value) = ('name', {name}) AND (lives.kind, lives.value) = ('domain', {domain})
        AND NOT EXISTS (SELECT FROM match_key other WHERE other.subject_kind = {subject_kind} AND other.subject_id = named.subject_id
                        AND other.kind = 'siren' AND {siren} <> '' AND other.value <> {siren})
      ORDER BY subject_id LIMIT {most}"""


SAME_NAME_AND_DOMAIN = _same_name_and_domain("$1", "$2", "$3", "$4", "$5")


async def same_company(subject_kind: str, keys: Collection[Key]) -> list[int]:
    """Those that are the same company: same SIREN, else same name and domain; two SIREN are two companies."""
    known = dict(keys)
    siren = known.get("siren", "")
    if siren and (found := await owners(subject_kind, [("siren", siren)])):
        return found
    if not {"name", "domain"} <= known.keys():
        return []
    rows = await db.rows(
        SAME_NAME_AND_DOMAIN, subject_kind, known["name"], known["domain"], siren, CANDIDATES
    )
    return [row["subject_id"] for row in rows]


async def owners_of_each(subject_kind: str, keys: Collection[Key]) -> dict[Key, list[int]]:
    """Key → who has it, the earliest first; one more than a telling key has tells that it is too common."""
    rows = await db.rows(
        """SELECT wanted.kind, wanted.value, has.subject_id FROM unnest($2::text[], $3::text[]) AS wanted (kind, value)
           CROSS JOIN LATERAL (
             SELECT subject_id FROM match_key
             WHERE (match_key.kind, match_key.value, subject_kind) = (wanted.kind, wanted.value, $1)
             ORDER BY subject_id LIMIT $4) has ORDER BY has.subject_id""",
        subject_kind, [kind for kind, _value in keys], [value for _kind, value in keys], TOO_COMMON + 1,
    )  # fmt: skip
    found: dict[Key, list[int]] = {}
    for row in rows:
        found.setdefault((row["kind"], row["value"]), []).append(row["subject_id"])
    return found


async def same_name_and_domain(
    subject_kind: str, described: Collection[Described]
) -> dict[Described, list[int]]:
    """Description → those that are of the same name and domain and of no other SIREN, the earliest first."""
    asked = list(described)
    rows = await db.rows(
        f"""SELECT asked.place, same.subject_id FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY
              AS asked (name, domain, siren, place)
            CROSS JOIN LATERAL ({_same_name_and_domain("$1", "asked.name", "asked.domain", "asked.siren", "$5")}) same
            ORDER BY same.subject_id""",
        subject_kind, *([one[place] for one in asked] for place in range(3)), CANDIDATES,
    )  # fmt: skip
    found: dict[Described, list[int]] = {}
    for row in rows:
        found.setdefault(asked[row["place"] - 1], []).append(row["subject_id"])
    return found


async def client(client_id: int) -> db.Row:
    """The one that stands for it: another, once both turned out to be the same company."""
    found = await db.row(
        "SELECT * FROM client WHERE id = (SELECT coalesce(merged_into, id) FROM client WHERE id = $1)",
        client_id,
    )
    assert found is not None
    return found


async def client_by_ref(ref: str) -> db.Row:
    """`stands_as`: the reference of the one that stands for it, when it was merged."""
    found = await db.row(
        """SELECT client.*, kept.ref AS stands_as FROM client LEFT JOIN client kept ON kept.id = client.merged_into
           WHERE client.ref = $1""",
        ref,
    )
    if found is None:
        raise NotFound("client")
    return found


async def living_client(ref: str) -> db.Row:
    """One that stands for itself."""
    found = await client_by_ref(ref)
    if found["merged_into"]:
        raise NotFound("merged client")
    return found


async def tags_of(client_id: int) -> dict[str, str]:
    """What a plan reads as `customer.<name>`, in the order of names."""
    rows = await db.rows("SELECT name, value FROM client_tag WHERE client_id = $1 ORDER BY name", client_id)
    return {row["name"]: row["value"] for row in rows}


async def has_bought(client_id: int) -> bool:
    """It, or one that it stands for."""
    return await db.value(
        "SELECT EXISTS (SELECT FROM deal WHERE client_id = ANY ((SELECT clients_of($1))::bigint[]))",
        client_id,
    )
