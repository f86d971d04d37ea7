"""The process that reads the seals of a PDF which anybody sent: alone with its limits, the file on its input, what it found as JSON.

It imports nothing of ours, inherits no environment and asks the network nothing. Exit 4: it does not open."""

import io
import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 10
MOST_SEALS = 10
BROKEN = 4


def seals(body: bytes) -> list[dict[str, Any]]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    found = PdfFileReader(io.BytesIO(body), strict=False).embedded_regular_signatures
    return [seal(one, len(body)) for one in found[:MOST_SEALS]]


def seal(one: Any, size: int) -> dict[str, Any]:
    """`covers`: the length of the revision that it holds, 0 when it does not hold a whole one; `intact`: as it was sealed."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    status = validate_pdf_signature(
        one, ValidationContext(trust_roots=[], allow_fetching=False), skip_diff=True
    )
    whole = status.coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    start, length = (int(one.byte_range[place]) for place in (2, 3))
    return {
        "fingerprint": one.signer_cert.sha256.hex(),
        "name": str(one.signer_cert.subject.native.get("common_name", "")),
        "intact": bool(status.intact and status.valid),
        "covers": min(start + length, size) if whole else 0,
    }


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = seals(sys.stdin.buffer.read())
    except Exception:  # a hostile file raises anything
        return BROKEN
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
