"""What waits and what is held, for those who look after the portal."""

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from pgqueuer.types import JobId

from portal.kit import db


async def held() -> list[db.Row]:
    """Jobs that failed for good and wait for a decision, with the last line of why."""
    return await db.rows(
        """SELECT job.id, job.entrypoint AS task, job.created AS at, job.attempts,
                  (SELECT log.traceback ->> 'exception_message' FROM pgqueuer_log log
                   WHERE log.job_id = job.id AND log.traceback IS NOT NULL ORDER BY log.id DESC LIMIT 1) AS why
           FROM pgqueuer job WHERE job.status = 'failed' ORDER BY job.id LIMIT 200"""
    )


async def waiting() -> int:
    return await db.value("SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked')")


async def try_again(job_id: int) -> None:
    """Put a held job back into the queue."""
    await Queries(AsyncpgDriver(db.connection())).requeue_jobs([JobId(job_id)])


IS_WAITING = "EXISTS (SELECT FROM pgqueuer WHERE dedupe_key = {} AND status IN ('queued', 'picked'))"


async def is_waiting(key: str) -> bool:
    """Whether a job that was enqueued under this key is still to be done."""
    return await db.value(f"SELECT {IS_WAITING.format('$1')}", key)
