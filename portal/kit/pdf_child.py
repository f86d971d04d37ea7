"""The process that turns HTML into PDF: started by portal.kit.pdf, alone with its limits, told everything by its pipe.

It imports nothing of ours and inherits no environment, so that a hostile document finds nothing to read."""

import pickle
import resource
import sys
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import unquote

from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

DONE, REFUSED, TOO_HEAVY = b"d", b"r", b"h"
SCHEME = "house:"
KINDS = {
    ".css": "text/css",
    ".ttf": "font/ttf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}


class HouseFetcher(URLFetcher):
    """Knows a document's own files by name; any other address stops the rendering."""

    def __init__(self, files: dict[str, str | bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.files = files
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = unquote(url.removeprefix(SCHEME).lstrip("/"))
        if not url.startswith(SCHEME) or name not in self.files:
            self.refused.append(url[:200])
            raise ValueError(url)
        found = self.files[name]
        content = found if isinstance(found, bytes) else Path(found).read_bytes()
        return URLFetcherResponse(url, content, {"Content-Type": KINDS.get(Path(name).suffix, "text/plain")})


def allow_seconds(cpu_seconds: int) -> None:
    """The processor's clock never restarts: each document gets its share on top of what was used before."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds, resource.RLIM_INFINITY))


def rendered(job: dict, fetcher: HouseFetcher) -> bytes:
    options: dict = {"attachments": [_attachment(a, job["created"], fetcher) for a in job["attachments"]]}
    if job["variant"]:
        options |= {"pdf_variant": job["variant"]}
    page = HTML(string=job["html"], base_url=SCHEME, url_fetcher=fetcher)
    document = page.render(font_config=FontConfiguration(), **options)
    document.metadata.created = document.metadata.modified = job["created"].isoformat(timespec="seconds")
    _merge_xmp(document.metadata, job["xmp"])
    return document.write_pdf(pdf_identifier=job["identifier"], **options) or b""


def _attachment(given: dict, created: datetime, fetcher: HouseFetcher) -> Attachment:
    return Attachment(
        string=given["content"],
        name=given["name"],
        description=given["description"],
        relationship=given["relationship"],
        created=created,
        modified=created,
        url_fetcher=fetcher,
    )


def _merge_xmp(metadata, xmp: bytes) -> None:
    generate = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *args: generate(*args).replace(b"</rdf:RDF>", xmp + b"</rdf:RDF>")


def answer(job: dict) -> bytes:
    fetcher = HouseFetcher(job["files"])
    try:
        content = rendered(job, fetcher)
        return REFUSED + _foreign(fetcher) if fetcher.refused else DONE + content
    except (MemoryError, RecursionError, SystemError) as error:
        return TOO_HEAVY + type(error).__name__.encode()
    except FatalURLFetchingError:
        return REFUSED + _foreign(fetcher)
    except Exception as error:
        return REFUSED + f"{type(error).__name__}: {error}".encode()


def _foreign(fetcher: HouseFetcher) -> bytes:
    """Pictures within pictures fail in silence: what was asked for counts, not what failed."""
    return f"not one of the document's files: {', '.join(fetcher.refused)}".encode()


def main(socket: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    with Connection(socket) as pipe:
        while True:
            try:
                job = pickle.loads(pipe.recv_bytes())
            except EOFError:
                return
            allow_seconds(job["cpu_seconds"])
            pipe.send_bytes(answer(job))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
