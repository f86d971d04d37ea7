"""The address of an accountant."""

from typing import Annotated

from pydantic import AfterValidator

from portal.kit.forms import Form
from portal.kit.identifiers import parse_email


def _address_or_none(typed: str) -> str:
    return parse_email(typed).lower() if typed.strip() else ""


class CopyForm(Form):
    """Left empty, copies end."""

    email: Annotated[str, AfterValidator(_address_or_none)] = ""
