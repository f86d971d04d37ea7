"""Closing the year of many referrers: what asking and freezing cost, and what a second process brings to its papers.

    python -m tests.bench.bench_close_year [referrers] [papers]

Papers are drawn by processes that do what the worker's job does: one alone and two together take turns, part by part, so
that a busy machine slows both; the median of the pairs counts. `papers` is how many are drawn, all of them by default."""

import sys

if __name__ == "__main__":  # the children read this file again, and must not make a folder of their own
    from tests.bench.closing_years import main

    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
