"""The queue holds ids; what a failed job said in its own words may name somebody, and goes."""

from portal.kit import db


async def erase_of(_user_id: int) -> None:
    await db.execute("UPDATE pgqueuer_log SET traceback = NULL WHERE traceback IS NOT NULL")
