"""Public references: random, short, readable aloud. Bigint ids never leave the server."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def new_ref() -> str:
    return "".join(
        CROCKFORD[byte % 32] for byte in secrets.token_bytes(10)
    )  # 256 is a multiple of 32: none is likelier


def read_ref(typed: str) -> str:
    """A reference as somebody may have typed or spelt it."""
    return typed.upper().translate(_MEANT)
