"""What the files do not say and somebody has to: programme, plan, text, paper contracts, mandate, who vouches."""

from typing import Any

from msgspec import Struct, to_builtins


class Options(Struct, frozen=True, kw_only=True):
    programme_id: int | None = None
    plan_version_id: int | None = None
    text_key: str = ""  # empty: the published text of each referrer's status
    signed_on_paper: bool = False  # somebody vouches that the dated contracts are signed
    mandate: bool = False  # … and that they hold the self-billing mandate
    notify: bool = False
    vouched_by: int | None = None

    def stored(self) -> dict[str, Any]:
        return to_builtins(self)
