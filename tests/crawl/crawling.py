"""Following every link, once."""

from collections import deque
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

ELSEWHERE = ("mailto:", "tel:", "sms:", "https:", "blob:", "data:")

Kind = tuple[str, tuple[str, ...]]


class Way:
    """What is still to be opened from here, by its address; lists in another order are visited once per kind."""

    def __init__(self, origin: str, starts: Iterable[str]) -> None:
        self.origin, self.waiting, self.known = origin, deque[str](), set[Kind]()
        self.add("/", starts)

    def __iter__(self) -> Iterator[str]:
        while self.waiting:
            yield self.waiting.popleft()

    def add(self, here: str, links: Iterable[str]) -> None:
        for link in links:
            path = self._path(here, link)
            if path and _kind(path) not in self.known:
                self.known.add(_kind(path))
                self.waiting.append(path)

    def _path(self, here: str, link: str) -> str:
        if link.startswith(("#", *ELSEWHERE)) and not link.startswith(self.origin):
            return ""
        address = urldefrag(urljoin(self.origin + here, link)).url
        return address.removeprefix(self.origin) if address.startswith(self.origin) else ""


def _kind(path: str) -> Kind:
    """The page, and what is asked of it: the answer to the question is left out."""
    parts = urlsplit(path)
    return parts.path, tuple(sorted({name for name, _ in parse_qsl(parts.query)}))
