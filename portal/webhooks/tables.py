"""What was told from outside, as it came."""

from piccolo.columns import BigSerial, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference


class WebhookEvent(Table, tablename="webhook_event"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    source = Text()
    external_id = Text()
    kind = Text()
    about = Text(default="")
    live = Boolean()
    body = Text(null=True)
    state = Text()
    fault = Text(default="")
    tries = Integer(default=0)
    happened_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
