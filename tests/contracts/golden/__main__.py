"""Records the papers as they are printed now."""

from tests.contracts.golden import HERE, papers, seen

for name in papers():
    (HERE / f"{name}.txt").write_text("\n".join(seen(name)) + "\n", encoding="utf-8")
