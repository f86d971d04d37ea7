"""One row per findable thing."""

from piccolo.columns import BigInt, BigSerial, Boolean, Text, Timestamptz
from piccolo.table import Table


class SearchRow(Table, tablename="search_row"):
    id = BigSerial(primary_key=True)
    kind = Text()
    subject_id = BigInt()
    title = Text()
    subtitle = Text()
    path = Text()
    words = Text()
    staff = Boolean()
    referrer_id = BigInt(null=True, default=None)
    at = Timestamptz(default=None)
