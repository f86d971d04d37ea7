"""The API's own mirror: for whom a token speaks."""

from typing import Any

from portal.kit import api
from portal.people.rules import EVERYBODY, Person


@api.get("/moi", allows=EVERYBODY)
async def me(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "roles": sorted(person.roles),
        "scopes": sorted(person.scopes or ()),
    }
