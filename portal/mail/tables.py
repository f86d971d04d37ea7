"""The outbox."""

from piccolo.columns import BigInt, BigSerial, Integer, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference


class MailMessage(Table, tablename="mail_message"):
    id = BigSerial(primary_key=True)
    ref = reference()
    kind = Text()
    to_user = BigInt(null=True, default=None)
    to_email = Text()
    language = Text()
    subject = Text()
    text_body = Text()
    html_body = Text()
    subject_kind = Text()
    subject_id = BigInt()
    key = Text(null=True, default=None)
    created_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    tries = Integer()
    error = Text()
    erased_at = Timestamptz(null=True, default=None)
