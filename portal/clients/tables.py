"""Clients and what identifies a company."""

from piccolo.columns import BigInt, BigSerial, Date, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference


class Client(Table, tablename="client"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(null=True, default=None, unique=True)
    name = Text()
    siren = Text()
    email = Text()
    phone = Text()
    street = Text()
    postcode = Text()
    city = Text()
    country = Text(default="FR")
    since = Date(null=True, default=None)
    created_at = Timestamptz(default=None)
    version = Integer(default=1)
    merged_into = ForeignKey("self", null=True, on_delete=OnDelete.restrict, default=None)


class ClientTag(Table, tablename="client_tag"):
    """What a plan may ask of a client, `customer.<name>`; client and name together are the primary key."""

    client_id = ForeignKey(Client, null=False, on_delete=OnDelete.restrict)
    name = Text(primary_key=True)
    value = Text()


class MatchKey(Table, tablename="match_key"):
    """One key of a client or of a recommendation; the four columns together are the primary key."""

    kind = Text(primary_key=True)
    value = Text(primary_key=True)
    subject_kind = Text(primary_key=True)
    subject_id = BigInt(primary_key=True)


class ReservedAccount(Table, tablename="reserved_account"):
    """A company that sales deal with themselves. A row is never changed: the day on which it was put here is the proof."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text()
    siren = Text()
    domain = Text()
    owner_id = BigInt(null=True, default=None)  # → app_user
    since = Date(default=None)
    until = Date(null=True, default=None)
    reason = Text()
    listed_by = BigInt(null=True, default=None)  # → app_user
    listed_at = Timestamptz(default=None)


class ReservedWithdrawal(Table, tablename="reserved_withdrawal"):
    account_id = ForeignKey(ReservedAccount, null=False, on_delete=OnDelete.restrict, primary_key=True)
    by_user = BigInt(null=True, default=None)  # → app_user
    at = Timestamptz(default=None)
