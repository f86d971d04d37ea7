"""A child process ends with its parent, even when that one is killed: the kernel tells it."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def ends_with_us(sign: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: the child gets `sign` when this process is gone. Linux only; elsewhere it lives on."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:  # gone already, between fork and here
            os._exit(1)

    return tie
