"""`python -m portal.demo.fake_stripe FILE PORT URL`: beside the demo, telling URL what happens, until it is stopped."""

import signal
import sys
import threading
from pathlib import Path

from portal.demo.fake_stripe.bank import Bank
from portal.demo.fake_stripe.server import SECRET, serving
from portal.demo.fake_stripe.telling import teller

AT_FIRST = 50_000_00  # cents on the platform's balance


def main(keeps: str, port: str, url: str) -> None:
    bank = Bank(AT_FIRST, Path(keeps))
    bank.tell = teller(url, SECRET)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    with serving(bank, port=int(port)):
        over.wait()


main(*sys.argv[1:])
