"""Users, their memberships, how they come in and stay in, what speaks for them, and who decides with them."""

from piccolo.columns import Array, BigInt, BigSerial, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference


class AppUser(Table, tablename="app_user"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    email = Text(unique=True)
    name = Text()
    phone = Text()
    language = Text(default="fr")
    password_hash = Text()
    totp_sealed = Bytea(null=True, default=None)
    totp_confirmed_at = Timestamptz(null=True, default=None)
    totp_last_step = BigInt(default=0)
    state = Text(default="invited")
    created_at = Timestamptz(default=None)
    last_seen_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class Membership(Table, tablename="membership"):
    id = BigSerial(primary_key=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    role = Text()
    referrer_id = BigInt(null=True)  # → referrer, which stands above
    seat = Text(null=True, default=None)
    since = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    by_user = BigInt(null=True)


class Session(Table, tablename="session"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    token_sha256 = Bytea(unique=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    seat_id = ForeignKey(Membership, null=True, on_delete=OnDelete.restrict)
    step = Text()
    second_factor_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    address = Text()
    agent = Text()


class MailedLink(Table, tablename="mailed_link"):
    id = BigSerial(primary_key=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    purpose = Text()
    token_sha256 = Bytea(unique=True)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class KnownDevice(Table, tablename="known_device"):
    id = BigSerial(primary_key=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    token_sha256 = Bytea(unique=True)
    created_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)


class RecoveryCode(Table, tablename="recovery_code"):
    id = BigSerial(primary_key=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    code_blind = Bytea()
    created_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class RateCounter(Table, tablename="rate_counter"):
    """Its key is (class, key); Piccolo knows keys of one column only."""

    bucket = Text(primary_key=True, db_column_name="class")
    key = Text()
    tries = Array(base_column=Timestamptz(default=None), default=None)
    last_at = Timestamptz(default=None)


class ApiToken(Table, tablename="api_token"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text()
    token_sha256 = Bytea(unique=True)
    membership_id = ForeignKey(Membership, null=False, on_delete=OnDelete.restrict)
    scopes = Array(base_column=Text(), default=None)
    created_by = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    last_used_at = Timestamptz(null=True, default=None)


class Approval(Table, tablename="approval"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    what = Text()
    subject_kind = Text()
    subject_id = BigInt()
    digest = Bytea()
    prepared_by = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    prepared_at = Timestamptz(default=None)
    state = Text(default="waiting")
    decided_by = ForeignKey(AppUser, null=True, on_delete=OnDelete.restrict)
    decided_at = Timestamptz(null=True, default=None)
    reason = Text()
