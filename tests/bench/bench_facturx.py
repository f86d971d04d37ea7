"""What making many Factur-X costs, beside WeasyPrint alone with the very same HTML; what a second process brings; memory.

    python -m tests.bench.bench_facturx [papers]

Both take turns, slice by slice, so that a busy machine slows both. Seconds are those of the processor, of us and of the
process that draws. The floor has the same fonts, style and archive standard, and neither XML, page from data nor pipe."""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from portal.invoicing.papers import Paper, paper_html
from portal.kit import pdf
from tests.documents.papers import BRAND, standard
from tests.documents.press import CREATED, printed

SLICES = 20
MOST_OF_THE_FLOOR, LEAST_OF_TWO, MOST_GROWTH = 1.15, 1.8, 1.1
VARIANT = "pdf/a-3a"


def paper(number: int) -> Paper:
    return replace(standard(), number=f"AP014-2026-{number:05}")


def seconds(pids: list[int]) -> float:
    """Of the processor, by these processes and by ourselves."""
    return time.process_time() + sum(map(_ticks, pids)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


def resident(pid: int) -> int:
    """Megabytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


# Floor: WeasyPrint in a process of its own


def alone(pipe: Connection) -> None:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from portal.kit.pdf_child import SCHEME, HouseFetcher

    fetcher = HouseFetcher({**pdf.house_files()})
    with suppress(EOFError):
        while html := pipe.recv():
            page = HTML(string=html, base_url=SCHEME, url_fetcher=fetcher)
            pipe.send(len(page.write_pdf(font_config=FontConfiguration(), pdf_variant=VARIANT) or b""))


class Floor:
    """Renewed as often as our own processes are."""

    def __init__(self) -> None:
        self.drawn, self.spent = 0, 0.0
        self._begin()

    def _begin(self) -> None:
        ours, theirs = get_context("spawn").Pipe()
        self.pipe = ours
        self.process = get_context("spawn").Process(target=alone, args=(theirs,), daemon=True)
        self.process.start()

    def draw(self, html: str) -> None:
        if self.drawn and self.drawn % pdf.RENDERS_PER_PRESS == 0:
            self.close()
            self._begin()
        self.pipe.send(html)
        assert self.pipe.recv()
        self.drawn += 1

    def slice(self, pages: list[str]) -> None:
        begun = time.process_time()
        for html in pages:
            before = _ticks(self.process.pid or 0)
            self.draw(html)
            self.spent += max(0, _ticks(self.process.pid or 0) - before) / os.sysconf("SC_CLK_TCK")
        self.spent += time.process_time() - begun

    def close(self) -> None:
        self.pipe.send("")
        self.process.join()


# Ours: from the data of a paper to its file


def presses() -> list[pdf.Press]:
    return list(pdf._idle.queue)


class Ours:
    def __init__(self) -> None:
        self.spent = 0.0
        self.sizes: list[int] = []

    def slice(self, numbers: range) -> None:
        begun = time.process_time()
        for number in numbers:
            before = {press.process.pid: _ticks(press.process.pid) for press in presses()}
            assert printed(paper(number)).startswith(b"%PDF")
            self.spent += sum(
                _ticks(press.process.pid) - before.get(press.process.pid, 0) for press in presses()
            ) / os.sysconf("SC_CLK_TCK")
        self.spent += time.process_time() - begun
        self.sizes.append(resident(os.getpid()) + sum(resident(press.process.pid) for press in presses()))


def at_once(workers: int, numbers: range) -> float:
    """Papers a second of the wall clock."""
    begun = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda number: printed(paper(number)), numbers))
    return len(numbers) / (time.monotonic() - begun)


def warm(workers: int) -> None:
    """Starting a process is not what is measured."""
    at_once(workers, range(1, 2 * workers + 1))


def second_process(papers: int) -> float:
    """How many times as fast two are as one: the median of pairs taken in turns."""
    each = max(10, papers // 20)
    warm(2)
    pairs = [at_once(2, range(each)) / at_once(1, range(each)) for _ in range(5)]
    return sorted(pairs)[len(pairs) // 2]


def compare(papers: int, say: Callable[[str], None]) -> bool:
    warm(1)
    floor, ours = Floor(), Ours()
    floor.draw(paper_html(paper(0), BRAND))
    floor.spent = 0.0
    size = max(1, papers // SLICES)
    for start in range(0, papers, size):
        numbers = range(start, min(start + size, papers))
        ours.slice(numbers)
        floor.slice([_drawable(number) for number in numbers])
        print(f"{numbers.stop:>9} papers {ours.spent / floor.spent:6.2f} × WeasyPrint alone", file=sys.stderr)
    floor.close()
    early, late = ours.sizes[max(0, len(ours.sizes) // 10 - 1)], ours.sizes[-1]
    ratio, gained = ours.spent / floor.spent, second_process(papers)
    say(f"{papers} Factur-X of {CREATED:%Y}, one page each")
    say(f"WeasyPrint alone  {floor.spent:8.1f} s {floor.spent / papers * 1e3:7.1f} ms a paper")
    say(f"Factur-X          {ours.spent:8.1f} s {ours.spent / papers * 1e3:7.1f} ms a paper")
    say(f"                  {ratio:8.2f} × WeasyPrint alone (at most {MOST_OF_THE_FLOOR})")
    say(f"two processes     {gained:8.2f} × one (at least {LEAST_OF_TWO})")
    say(f"memory            {early:5} MB at a tenth, {late} MB at the end (at most {MOST_GROWTH} ×)")
    return ratio <= MOST_OF_THE_FLOOR and gained >= LEAST_OF_TWO and late <= early * MOST_GROWTH


def _drawable(number: int) -> str:
    return pdf.drawable(paper_html(paper(number), BRAND), pdf.house_fonts())


def main(papers: int = 10_000) -> None:
    sys.exit(0 if compare(papers, print) else 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
