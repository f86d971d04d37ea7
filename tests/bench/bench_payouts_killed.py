"""Transfers by Stripe whose workers are killed a thousand times, one answer in five lost: is each paid exactly once?

python -m tests.bench.bench_payouts_killed [kills]"""

import sys

if __name__ == "__main__":  # the children read this file again, and must not make a folder of their own
    from tests.bench.killing_payouts import main

    main(*map(int, sys.argv[1:]))
