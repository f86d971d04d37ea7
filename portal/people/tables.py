"""Users, their memberships, how they come in and stay in, what speaks for them, and who decides with them."""

from piccolo.columns import (
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
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
    signs = Boolean(default=False)
    capacity = Text()
    ends_on = Date(null=True, default=None)


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
    seeing_id = ForeignKey("Seeing", null=True, on_delete=OnDelete.restrict)


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


class Passkey(Table, tablename="passkey"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    credential_id = Bytea(unique=True)
    public_key = Bytea()
    sign_count = BigInt()
    name = Text()
    created_at = Timestamptz(default=None)
    last_used_at = Timestamptz(null=True, default=None)


class PasskeyChallenge(Table, tablename="passkey_challenge"):
    id = BigSerial(primary_key=True)
    challenge = Bytea(unique=True)
    binding_sha256 = Bytea()
    purpose = Text()
    user_id = ForeignKey(AppUser, null=True, on_delete=OnDelete.restrict)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)


class Seeing(Table, tablename="seeing"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    referrer_id = BigInt()  # → referrer, which stands above
    reason = Text()
    started_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    stopped_at = Timestamptz(null=True, default=None)


class SeatHandover(Table, tablename="seat_handover"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = BigInt()
    from_user = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    to_user = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    state = Text()
    asked_at = Timestamptz(default=None)
    settled_at = Timestamptz(null=True, default=None)


class ErasureRequest(Table, tablename="erasure_request"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    user_id = ForeignKey(AppUser, null=False, on_delete=OnDelete.restrict)
    state = Text()
    asked_at = Timestamptz(default=None)
    due_on = Date(default=None)
    decided_by = ForeignKey(AppUser, null=True, on_delete=OnDelete.restrict)
    decided_at = Timestamptz(null=True, default=None)
    reason = Text()
