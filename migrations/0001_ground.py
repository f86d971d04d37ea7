"""Ground: what every table stands on. Append-only guards, rights of the runtime role, deeds done once."""

from portal.database import migration

ID = "2026-11-21T20:00:01:000000"
DESCRIPTION = "append-only guards, rights, deeds"

SQL = """
CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is forbidden: what is written stays', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION append_only(guarded regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION forbid_change()', guarded);
  EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION forbid_change()', guarded);
END $$;

-- the runtime role reads and writes rows, never changes what is append-only, never writes the ledger itself
CREATE FUNCTION grant_runtime(runtime text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE guarded record;
BEGIN
  IF runtime = current_user THEN RETURN; END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', runtime);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', runtime);
  EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', runtime);
  EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO %I', runtime);
  EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON migration FROM %I', runtime);
  FOR guarded IN SELECT tgrelid::regclass AS name FROM pg_trigger WHERE tgname = 'append_only' LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', guarded.name, runtime);
  END LOOP;
  FOR guarded IN SELECT oid::regclass AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'ledger\\_%' LOOP
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %s FROM %I', guarded.name, runtime);
  END LOOP;
END $$;

CREATE TABLE deed_once (
  actor text NOT NULL,
  route text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  digest bytea NOT NULL,
  answer jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL,
  PRIMARY KEY (actor, route, key)
);
CREATE INDEX deed_once_at ON deed_once (at);

CREATE TABLE stored_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  store text NOT NULL CHECK (store IN ('issued', 'uploads')),
  key text NOT NULL,                    -- where it lies in the store, made from its content
  sha256 bytea NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  media_type text NOT NULL,
  name text NOT NULL,
  subject_kind text NOT NULL,
  subject_id bigint NOT NULL,
  uploaded_by bigint,
  at timestamptz NOT NULL,
  erased_at timestamptz
);
CREATE INDEX stored_file_subject ON stored_file (subject_kind, subject_id);
CREATE INDEX stored_file_key ON stored_file (store, key);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
