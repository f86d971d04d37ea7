"""The ledger: append-only double entry, written by one function alone."""

from portal.database import migration

ID = "2026-11-21T20:00:05:000000"
DESCRIPTION = "ledger"

SQL = """
CREATE TYPE ledger_unit AS ENUM ('EUR_CENT', 'POINT');

-- what an account may be: an account opens on first use when its role stands here
CREATE TABLE ledger_role (
  name text PRIMARY KEY,
  unit ledger_unit NOT NULL,
  side text NOT NULL CHECK (side IN ('debit', 'credit')),       -- where its balance usually stands
  floor_at_zero boolean NOT NULL,                               -- it never goes to the other side
  personal boolean NOT NULL                                     -- one per referrer, with a balance row; else the company's
);
INSERT INTO ledger_role VALUES
  ('earned', 'EUR_CENT', 'debit', true, true),            ('taken_back', 'EUR_CENT', 'credit', true, true),
  ('held', 'EUR_CENT', 'credit', true, true),
  ('due', 'EUR_CENT', 'credit', false, true),             -- released, on no paper yet; below zero: more was taken back than stood there
  ('invoiced', 'EUR_CENT', 'credit', true, true),         ('vat_invoiced', 'EUR_CENT', 'credit', true, true),
  ('in_transit', 'EUR_CENT', 'credit', true, true),       ('vat_in_transit', 'EUR_CENT', 'credit', true, true),
  ('paid', 'EUR_CENT', 'credit', true, true),
  ('owes', 'EUR_CENT', 'debit', true, true),              ('vat_owes', 'EUR_CENT', 'debit', true, true),
  ('written_off', 'EUR_CENT', 'debit', true, true),       ('benefits', 'EUR_CENT', 'credit', false, true),
  ('points_held', 'POINT', 'credit', true, true),         ('points', 'POINT', 'credit', true, true),
  ('points_reserved', 'POINT', 'credit', true, true),     ('points_owed', 'POINT', 'debit', true, true),
  ('paid_out', 'EUR_CENT', 'debit', false, false),        ('bank', 'EUR_CENT', 'debit', false, false),
  ('vat_pending', 'EUR_CENT', 'debit', false, false),     ('vat_deductible', 'EUR_CENT', 'debit', false, false),
  ('withholding', 'EUR_CENT', 'credit', false, false),    ('benefits_expense', 'EUR_CENT', 'debit', false, false),
  ('contributions_expense', 'EUR_CENT', 'debit', false, false), ('contributions_due', 'EUR_CENT', 'credit', false, false),
  ('points_issued', 'POINT', 'debit', false, false);

CREATE TABLE ledger_account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^entity:[0-9]+:(referrer:[0-9]+:)?[a-z_]+$'),   -- 'entity:1:referrer:42:held', 'entity:1:bank'
  role text NOT NULL REFERENCES ledger_role ON DELETE RESTRICT,
  unit ledger_unit NOT NULL,
  side text NOT NULL,
  floor_at_zero boolean NOT NULL,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint,                         -- → referrer
  sums_into text NOT NULL GENERATED ALWAYS AS (regexp_replace(code, ':referrer:[0-9]+', '')) STORED,
  opened_at timestamptz NOT NULL,
  UNIQUE (id, unit)
);
CREATE INDEX ledger_account_referrer ON ledger_account (referrer_id);
CREATE INDEX ledger_account_sums_into ON ledger_account (sums_into);

CREATE TABLE ledger_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
  idempotency_key text NOT NULL UNIQUE CHECK (length(idempotency_key) BETWEEN 1 AND 200),
  digest bytea NOT NULL,                      -- of its content: the same key with other content is refused
  occurred_on date NOT NULL,                  -- the day in the books
  concerns_on date CHECK (concerns_on < occurred_on),           -- the day of the fact, when its period was closed already
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL DEFAULT '',
  subject_kind text NOT NULL, subject_id bigint NOT NULL,
  reverses_id bigint UNIQUE REFERENCES ledger_entry ON DELETE RESTRICT,
  CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL))
);
CREATE INDEX ledger_entry_subject ON ledger_entry (subject_kind, subject_id);
SELECT append_only('ledger_entry');
CREATE TABLE ledger_line (
  entry_id bigint NOT NULL REFERENCES ledger_entry ON DELETE RESTRICT,
  position smallint NOT NULL CHECK (position > 0),
  account_id bigint NOT NULL,
  unit ledger_unit NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0), -- + debit, − credit
  PRIMARY KEY (entry_id, position),
  FOREIGN KEY (account_id, unit) REFERENCES ledger_account (id, unit) ON DELETE RESTRICT
);
CREATE INDEX ledger_line_account ON ledger_line (account_id, entry_id);
SELECT append_only('ledger_line');

-- + debit, − credit; referrers' accounts only: a balance of the company would be one row on which everybody waits
CREATE TABLE ledger_balance (
  account_id bigint PRIMARY KEY REFERENCES ledger_account ON DELETE RESTRICT,
  balance bigint NOT NULL
);
-- the company's totals by day, up to the entry that the cursor names; what came later is added when read
CREATE TABLE ledger_day_total (
  code text NOT NULL, day date NOT NULL, amount bigint NOT NULL,
  PRIMARY KEY (code, day)
);
CREATE TABLE ledger_cursor ("only" boolean PRIMARY KEY DEFAULT true CHECK ("only"), last_entry bigint NOT NULL);
INSERT INTO ledger_cursor (last_entry) VALUES (0);
-- a closed period takes no entry any more
CREATE TABLE ledger_closing (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  closed_until date NOT NULL,
  actor text NOT NULL, at timestamptz NOT NULL,
  UNIQUE (legal_entity_id, closed_until)
);
SELECT append_only('ledger_closing');

-- checked once per statement: a check per row doubled the cost of posting
CREATE FUNCTION ledger_lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  SELECT entry_id, unit, sum(amount) AS off INTO wrong FROM added GROUP BY entry_id, unit HAVING sum(amount) <> 0 OR count(*) < 2 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % is off by % %', wrong.entry_id, wrong.off, wrong.unit
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_unbalanced';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_lines_balance AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_balance();

CREATE FUNCTION ledger_refuse(what text, said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', said USING ERRCODE = 'check_violation', CONSTRAINT = what; END $$;

CREATE FUNCTION ledger_closed_until(entity bigint) RETURNS date LANGUAGE sql STABLE AS
$$ SELECT max(closed_until) FROM ledger_closing WHERE legal_entity_id = entity $$;

-- opens what is used for the first time; refuses codes without a role
CREATE FUNCTION ledger_open(codes text[], at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE unknown text;
BEGIN
  WITH opened AS (
    INSERT INTO ledger_account (code, role, unit, side, floor_at_zero, legal_entity_id, referrer_id, opened_at)
    SELECT wanted.code, role.name, role.unit, role.side, role.floor_at_zero,
           split_part(wanted.code, ':', 2)::bigint, CASE WHEN role.personal THEN split_part(wanted.code, ':', 4)::bigint END, at
    FROM (SELECT DISTINCT unnest(codes) AS code) wanted
    JOIN ledger_role role ON role.name = regexp_replace(wanted.code, '^.*:', '') AND role.personal = (wanted.code LIKE '%:referrer:%')
    WHERE NOT EXISTS (SELECT FROM ledger_account known WHERE known.code = wanted.code)
    ORDER BY wanted.code
    ON CONFLICT (code) DO NOTHING RETURNING id, referrer_id
  )
  INSERT INTO ledger_balance (account_id, balance) SELECT id, 0 FROM opened WHERE referrer_id IS NOT NULL;
  SELECT code INTO unknown FROM unnest(codes) code WHERE code NOT IN (SELECT known.code FROM ledger_account known WHERE known.code = ANY (codes)) LIMIT 1;
  IF FOUND THEN PERFORM ledger_refuse('ledger_unknown_account', format('no account may be called %s', unknown)); END IF;
END $$;

-- an entry as it is handed over. Typed arrays cost a quarter of what JSON costs here: posting is what a bulk accrual waits for
CREATE TYPE ledger_posting_line AS (account text, unit ledger_unit, amount bigint);
CREATE TYPE ledger_posting AS (
  kind text, key text, occurred_on date, concerns_on date, subject_kind text, subject_id bigint, reason text, reverses bigint,
  lines ledger_posting_line[]
);

-- what the batch cannot be; each answer is a code and a sentence for the log
CREATE FUNCTION ledger_refuse_faulty(batch ledger_posting[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  WITH seen AS (
    SELECT item.place, min(item.key) AS key, min(item.reverses) AS reverses, count(account.id) AS lines,
           count(DISTINCT account.legal_entity_id) AS entities,
           count(*) FILTER (WHERE account.unit <> line.unit) AS other_unit, bool_or(item.occurred_on <= closed.until) AS closed
    FROM unnest(batch) WITH ORDINALITY AS item (kind, key, occurred_on, concerns_on, subject_kind, subject_id, reason, reverses, lines, place)
    LEFT JOIN LATERAL unnest(item.lines) AS line ON true
    LEFT JOIN ledger_account account ON account.code = line.account
    LEFT JOIN (SELECT legal_entity_id, max(closed_until) AS until FROM ledger_closing GROUP BY 1) closed USING (legal_entity_id)
    GROUP BY item.place
  )
  SELECT fault.what, seen.key INTO wrong
  FROM seen CROSS JOIN LATERAL (VALUES
    ('ledger_too_short', seen.lines < 2), ('ledger_two_entities', seen.entities > 1),
    ('ledger_other_unit', seen.other_unit > 0), ('ledger_closed', seen.closed),
    ('ledger_reverses_reversal', seen.reverses IS NOT NULL AND EXISTS (
      SELECT FROM ledger_entry before WHERE before.id = seen.reverses AND before.kind = 'reversal'))
  ) AS fault (what, found)
  WHERE fault.found AND NOT EXISTS (SELECT FROM ledger_entry known WHERE known.idempotency_key = seen.key) LIMIT 1;
  IF FOUND THEN PERFORM ledger_refuse(wrong.what, format('%s: %s', wrong.what, wrong.key)); END IF;
END $$;

-- what says the same twice; the day of the fact counts, not the day on which a late fact was booked
CREATE FUNCTION ledger_digest(entry ledger_posting) RETURNS bytea LANGUAGE sql STABLE AS
$$ SELECT sha256(convert_to(ROW(entry.kind, entry.key, coalesce(entry.concerns_on, entry.occurred_on), entry.subject_kind, entry.subject_id,
                                entry.reason, entry.reverses, entry.lines)::text, 'UTF8')) $$;

CREATE FUNCTION ledger_move_balances(entries bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE below text;
BEGIN
  WITH changed AS (
    UPDATE ledger_balance balance SET balance = balance.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM ledger_line WHERE entry_id = ANY (entries) GROUP BY account_id) moved
    WHERE balance.account_id = moved.account_id RETURNING balance.account_id, balance.balance
  )
  SELECT account.code INTO below FROM changed JOIN ledger_account account ON account.id = changed.account_id
  WHERE account.floor_at_zero AND CASE account.side WHEN 'credit' THEN changed.balance > 0 ELSE changed.balance < 0 END LIMIT 1;
  IF FOUND THEN PERFORM ledger_refuse('ledger_floor', format('%s would be overdrawn', below)); END IF;
END $$;

-- THE way to write the ledger; the answer has the ids of the entries in their order. The same fact twice is its first entry.
CREATE FUNCTION ledger_post(batch ledger_posting[], by_actor text, at timestamptz) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE codes text[]; ids bigint[]; keys text[]; other text; answer bigint[];
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger', 0));   -- summing up and closing wait for the end of this
  SELECT array_agg(DISTINCT line.account) INTO codes FROM unnest(batch) item, unnest(item.lines) line;
  PERFORM ledger_open(coalesce(codes, '{}'), at);
  PERFORM ledger_refuse_faulty(batch);
  PERFORM 1 FROM ledger_account WHERE code = ANY (codes) AND referrer_id IS NOT NULL ORDER BY id FOR NO KEY UPDATE;

  WITH added AS (
    INSERT INTO ledger_entry (kind, idempotency_key, digest, occurred_on, concerns_on, recorded_at, actor, reason, subject_kind, subject_id, reverses_id)
    SELECT item.kind, item.key, ledger_digest(item), item.occurred_on, item.concerns_on, at, by_actor,
           item.reason, item.subject_kind, item.subject_id, item.reverses
    FROM unnest(batch) item ON CONFLICT (idempotency_key) DO NOTHING RETURNING id, idempotency_key
  )
  SELECT array_agg(id), array_agg(idempotency_key) INTO ids, keys FROM added;

  IF cardinality(batch) > coalesce(cardinality(ids), 0) THEN   -- something was known, or stands twice in the batch
    SELECT item.key INTO other FROM unnest(batch) item
    JOIN ledger_entry entry ON entry.idempotency_key = item.key WHERE entry.digest <> ledger_digest(item) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('ledger_key_reused', format('%s was posted with other content', other)); END IF;
  END IF;

  INSERT INTO ledger_line (entry_id, position, account_id, unit, amount)
  SELECT entry.id, line.position, account.id, account.unit, line.amount
  FROM unnest(ids, keys) AS entry (id, key)
  JOIN (SELECT DISTINCT ON (key) key, lines FROM unnest(batch)) item USING (key)
  CROSS JOIN LATERAL unnest(item.lines) WITH ORDINALITY AS line (account, unit, amount, position)
  JOIN ledger_account account ON account.code = line.account;

  PERFORM 1 FROM unnest(batch) item WHERE item.reverses IS NOT NULL;
  IF FOUND THEN
    PERFORM 1 FROM ledger_entry entry JOIN ledger_line line ON line.entry_id IN (entry.id, entry.reverses_id)
    WHERE entry.id = ANY (ids) AND entry.reverses_id IS NOT NULL GROUP BY entry.id, line.account_id HAVING sum(line.amount) <> 0;
    IF FOUND THEN PERFORM ledger_refuse('ledger_not_a_reversal', 'a reversal has the same lines with the other sign'); END IF;
  END IF;
  PERFORM ledger_move_balances(ids);

  SELECT array_agg(entry.id ORDER BY item.place) INTO answer
  FROM unnest(batch) WITH ORDINALITY AS item (kind, key, occurred_on, concerns_on, subject_kind, subject_id, reason, reverses, lines, place)
  JOIN ledger_entry entry ON entry.idempotency_key = item.key;
  RETURN coalesce(answer, '{}');
END $$;

-- carries the totals by day forward to the last entry. A cursor by id is safe because nobody posts meanwhile;
-- transaction numbers would not outlive a restore into another server.
CREATE FUNCTION ledger_sum_up() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE since bigint; until bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ledger', 0));
  SELECT last_entry INTO since FROM ledger_cursor;
  SELECT coalesce(max(id), 0) INTO until FROM ledger_entry;
  INSERT INTO ledger_day_total (code, day, amount)
  SELECT account.sums_into, entry.occurred_on, sum(line.amount)
  FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
  WHERE entry.id > since AND entry.id <= until GROUP BY account.sums_into, entry.occurred_on
  ON CONFLICT (code, day) DO UPDATE SET amount = ledger_day_total.amount + excluded.amount;
  UPDATE ledger_cursor SET last_entry = until;
  RETURN until;
END $$;

CREATE FUNCTION ledger_close(entity bigint, until date, by_actor text, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ledger', 0));
  IF until <= ledger_closed_until(entity) THEN PERFORM ledger_refuse('ledger_closed', format('closed until %s already', ledger_closed_until(entity))); END IF;
  INSERT INTO ledger_closing (legal_entity_id, closed_until, actor, at) VALUES (entity, until, by_actor, at);
END $$;

REVOKE EXECUTE ON FUNCTION ledger_post, ledger_sum_up, ledger_close FROM PUBLIC;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
