"""The fake Stripe as a process beside the demo: it stands before the first deed of the story and outlives restarts in a file."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from portal.demo.fake_stripe.server import KEY, SECRET
from portal.kit.lifeline import ends_with_us

FILE = "stripe.json"


@contextlib.contextmanager
def beside(folder: Path, portal_url: str) -> Iterator[dict[str, str]]:
    """The settings with which the portal speaks to it."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.demo.fake_stripe", str(folder / FILE), str(port), f"{portal_url}/webhooks/stripe"],
        stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=ends_with_us(signal.SIGTERM),  # noqa: PLW1509 – no thread runs yet
    )  # fmt: skip
    try:
        yield {
            "PORTAL_STRIPE_KEY": KEY,
            "PORTAL_STRIPE_WEBHOOK_SECRETS": SECRET,
            "PORTAL_STRIPE_URL": f"http://127.0.0.1:{port}",
        }
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
