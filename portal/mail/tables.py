"""The outbox, the bell, and who wants which mails."""

from piccolo.columns import JSONB, Array, BigInt, BigSerial, Boolean, Integer, Text, Timestamptz
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
    attached = Array(base_column=BigInt())  # → stored_file


class Notice(Table, tablename="notice"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    user_id = BigInt()  # → app_user
    kind = Text()
    codes = JSONB()
    subject_kind = Text()
    subject_id = BigInt()
    path = Text()
    key = Text(null=True, default=None, unique=True)
    at = Timestamptz(default=None)
    read_at = Timestamptz(null=True, default=None)
    held = Boolean()


class MailChoice(Table, tablename="mail_choice"):
    id = BigSerial(primary_key=True)
    user_id = BigInt()  # → app_user
    topic = Text()
    how = Text()
    at = Timestamptz(default=None)
