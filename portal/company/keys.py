"""Which key ring this database was written with: the start is refused with another one."""

from portal.company import access
from portal.kit.deed import Machine, deed
from portal.kit.keyring import KeyRingMismatch, ring

OPTION = "key_ring"


async def refuse_another_ring() -> None:
    """Raises KeyRingMismatch. A database that knows no ring yet takes the present one."""
    known = await access.option(OPTION)
    if known is None:
        async with deed(Machine("command:key_ring")):
            await access.set_option(OPTION, ring().fingerprint())
    elif known != ring().fingerprint():
        raise KeyRingMismatch
