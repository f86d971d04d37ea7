"""The process that packs a file for the tax office: gzip and OpenPGP by the field's own library, which calls gpg and leaves its keyring behind.

The plain file on its input, the packed one on its output, the fingerprint of the key on its error channel. It imports
nothing of ours. Exit 4: the library has no key for this year or an earlier one."""

import sys
from pathlib import Path

FIRST_KEY = 2023
NO_KEY = 4


def packed(body: bytes, year: int, siren: str, target: str) -> bytes | None:
    """With the key of the year, or the youngest that the library knows: the tax office keeps one for several years."""
    import pyfrdas2

    for of in range(max(year, FIRST_KEY), FIRST_KEY - 1, -1):
        try:
            return pyfrdas2.generate_file(body, of, siren, encryption=target)[0]
        except ValueError:
            continue
    return None


def fingerprints(folder: Path) -> list[str]:
    """Of the keys in the keyrings that the library made."""
    import gnupg

    return [
        key["fingerprint"]
        for home in sorted(folder.glob("pyfrdas2-*"))
        for key in gnupg.GPG(gnupghome=str(home)).list_keys()
    ]


def main() -> int:
    import logging

    year, siren, target, folder = sys.argv[1:]
    body = packed(sys.stdin.buffer.read(), int(year), siren, target)
    logging.disable()
    if body is None:
        return NO_KEY
    sys.stdout.buffer.write(body)
    sys.stderr.write("\n" + " ".join(fingerprints(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
