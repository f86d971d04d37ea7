"""An import that is killed a hundred times, before, between and within its deeds: does it end as if it never had been?

python -m tests.bench.bench_imports_killed [kills]"""

import sys

if __name__ == "__main__":  # the children read this file again, and must not make a folder of their own
    from tests.bench.killing import main

    main(*map(int, sys.argv[1:]))
