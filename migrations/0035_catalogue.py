"""The company's own lists: categories, territories, reasons, fields of a programme; clients that are the same; places of recommendations."""

from portal.database import migration

ID = "2026-11-21T20:00:35:000000"
DESCRIPTION = "catalogue, territories, reasons and fields"

SQL = """
-- what plans name by its key; the label may change
CREATE TABLE product_category (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, key text NOT NULL UNIQUE CHECK (key <> ''),
  label text NOT NULL CHECK (label <> ''),
  active boolean NOT NULL DEFAULT true, version int NOT NULL DEFAULT 1
);
INSERT INTO product_category (ref, key, label)
  SELECT upper(substr(md5(category || clock_timestamp()), 1, 10)), category, category
  FROM (SELECT DISTINCT category FROM product WHERE category <> '') named;
CREATE INDEX deal_line_product ON deal_line (product_id) WHERE product_id IS NOT NULL;
CREATE INDEX product_category_of ON product (category);

-- a named set of places; one place stands in one territory at most, the longest prefix wins, '' is the whole country
CREATE TABLE territory (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, name text NOT NULL UNIQUE CHECK (name <> ''),
  active boolean NOT NULL DEFAULT true, version int NOT NULL DEFAULT 1
);
CREATE TABLE territory_place (
  territory_id bigint NOT NULL REFERENCES territory ON DELETE RESTRICT,
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'), prefix text NOT NULL,
  PRIMARY KEY (country, prefix)
);
CREATE INDEX territory_place_of ON territory_place (territory_id);
CREATE FUNCTION territory_of(text, text) RETURNS bigint LANGUAGE sql STABLE AS
  $$SELECT territory_id FROM territory_place WHERE country = $2
      AND prefix = ANY (SELECT left($1, size) FROM generate_series(0, least(length($1), 10)) size)
    ORDER BY length(prefix) DESC LIMIT 1$$;

ALTER TABLE lead
  ADD COLUMN postcode text NOT NULL DEFAULT '', ADD COLUMN city text NOT NULL DEFAULT '',
  ADD COLUMN country text NOT NULL DEFAULT 'FR' CHECK (country ~ '^[A-Z]{2}$');
CREATE INDEX lead_place ON lead (country, postcode text_pattern_ops) WHERE postcode <> '';

-- why a recommendation ends without a deal: those that came with the portal have no words of their own until somebody gives them
CREATE TABLE lead_reason (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  move text NOT NULL CHECK (move IN ('reject', 'lose')), code text NOT NULL CHECK (code <> ''),
  label_fr text NOT NULL DEFAULT '', label_en text NOT NULL DEFAULT '',
  told_fr text NOT NULL DEFAULT '', told_en text NOT NULL DEFAULT '',   -- what the referrer reads instead; '' is the label itself
  position int NOT NULL DEFAULT 0, active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  UNIQUE (move, code)
);
INSERT INTO lead_reason (ref, move, code, position) VALUES
  ('REASONRJ01', 'reject', 'already_client', 1), ('REASONRJ02', 'reject', 'already_known', 2), ('REASONRJ07', 'reject', 'earlier_claim', 3),
  ('REASONRJ08', 'reject', 'company_ended', 4), ('REASONRJ09', 'reject', 'own_circle', 5), ('REASONRJ10', 'reject', 'public_buyer', 6),
  ('REASONRJ03', 'reject', 'outside_offer', 7), ('REASONRJ04', 'reject', 'unreachable', 8), ('REASONRJ05', 'reject', 'no_consent', 9),
  ('REASONRJ06', 'reject', 'other', 10),
  ('REASONPE01', 'lose', 'price', 1), ('REASONPE02', 'lose', 'competitor', 2), ('REASONPE03', 'lose', 'no_budget', 3),
  ('REASONPE04', 'lose', 'postponed', 4), ('REASONPE05', 'lose', 'no_answer', 5), ('REASONPE06', 'lose', 'other', 6);

-- what a programme asks beside the usual; a field that has answers is retired, never deleted
CREATE TABLE lead_field (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  key text NOT NULL CHECK (key <> ''),        -- the word that other software uses
  label_fr text NOT NULL CHECK (label_fr <> ''), label_en text NOT NULL DEFAULT '',
  hint_fr text NOT NULL DEFAULT '', hint_en text NOT NULL DEFAULT '',
  kind text NOT NULL CHECK (kind IN ('text', 'long', 'number', 'amount', 'day', 'choice', 'yes', 'phone', 'email', 'postcode')),
  choices jsonb NOT NULL DEFAULT '[]',        -- of a choice: [{key, fr, en}]
  required boolean NOT NULL DEFAULT false,
  filled_by text NOT NULL CHECK (filled_by IN ('referrer', 'prospect', 'sales')),
  seen_by text NOT NULL CHECK (seen_by IN ('everybody', 'staff')),
  personal boolean NOT NULL DEFAULT true,     -- goes with the prospect
  position int NOT NULL DEFAULT 0, active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  UNIQUE (programme_id, key),
  CHECK ((kind = 'choice') = (choices <> '[]'))
);
CREATE TABLE lead_field_value (
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  field_id bigint NOT NULL REFERENCES lead_field ON DELETE RESTRICT,
  text_value text, number_value numeric, cents_value bigint, day_value date, yes_value boolean,
  by_user bigint REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL,
  PRIMARY KEY (lead_id, field_id),
  CHECK (num_nonnulls(text_value, number_value, cents_value, day_value, yes_value) = 1)
);
CREATE INDEX lead_field_value_field ON lead_field_value (field_id);
CREATE INDEX lead_field_value_user ON lead_field_value (by_user) WHERE by_user IS NOT NULL;

-- the same company under two names: its deals and payments stay where they are
ALTER TABLE client ADD COLUMN merged_into bigint REFERENCES client ON DELETE RESTRICT, ADD CHECK (merged_into <> id);
CREATE INDEX client_merged ON client (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX client_name ON client (lower(name) text_pattern_ops) WHERE merged_into IS NULL;
CREATE INDEX client_siren ON client (siren) WHERE siren <> '';
CREATE INDEX client_latest ON client (created_at DESC, id DESC) WHERE merged_into IS NULL;
CREATE INDEX client_by_name ON client (lower(name), id) WHERE merged_into IS NULL;
CREATE FUNCTION clients_of(bigint) RETURNS bigint[] LANGUAGE sql STABLE AS
  $$SELECT array_agg(id) FROM client WHERE id = $1 OR merged_into = $1$$;
CREATE TABLE client_tag (
  client_id bigint NOT NULL REFERENCES client ON DELETE RESTRICT,
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,29}$'), value text NOT NULL CHECK (value <> ''),
  PRIMARY KEY (client_id, name)
);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
