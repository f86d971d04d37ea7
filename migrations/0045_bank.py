"""What the bank says of transfers: its files, each of their entries, what was made of it; a transfer has days of its own."""

from portal.database import migration

ID = "2026-11-23T20:00:45:000000"
DESCRIPTION = "the bank's answers"

SQL = """
ALTER TABLE payout_line
  ADD COLUMN settled_on date,                 -- the day on which this one arrived
  ADD COLUMN came_back_on date,
  ADD COLUMN why text NOT NULL DEFAULT '';    -- the code of the bank for what came back: AC04, MS03…
UPDATE payout_line line SET settled_on = run.settled_on FROM payout_run run WHERE run.id = line.run_id AND line.state = 'settled';
ALTER TABLE payout_line ADD CONSTRAINT payout_line_settled CHECK (state <> 'settled' OR settled_on IS NOT NULL);

-- one row a file: the same bytes are one file
CREATE TABLE bank_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  sha256 bytea NOT NULL UNIQUE,
  file_id bigint REFERENCES stored_file ON DELETE RESTRICT,
  format text NOT NULL CHECK (format IN ('pain.002', 'camt.053', 'camt.054')),
  message text NOT NULL,                      -- the bank's own identifier of it
  entries int NOT NULL, income int NOT NULL,  -- of it nothing is kept: what may be payments of clients
  foreign_statements int NOT NULL,            -- of other accounts: not taken
  by_user bigint, at timestamptz NOT NULL
);
-- balances in cents as the bank tells them; one statement may come in several files
CREATE TABLE bank_statement (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bank_file_id bigint NOT NULL REFERENCES bank_file ON DELETE RESTRICT,
  position int NOT NULL,
  message text NOT NULL, number text NOT NULL DEFAULT '',
  last4 text NOT NULL,
  opened_on date, opening_cents bigint, closed_on date, closing_cents bigint,
  moved_cents bigint NOT NULL,                -- the sum of its entries
  UNIQUE (bank_file_id, position)
);
CREATE INDEX bank_statement_days ON bank_statement (closed_on);
SELECT append_only('bank_statement');

CREATE TABLE bank_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text NOT NULL UNIQUE,
  bank_file_id bigint NOT NULL REFERENCES bank_file ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('accepted', 'rejected', 'debit', 'returned', 'credit')),
  amount_cents bigint, currency text NOT NULL DEFAULT 'EUR', said_on date NOT NULL,
  end_to_end_id text NOT NULL DEFAULT '', batch text NOT NULL DEFAULT '', count int,  -- the run it names; how many transfers it stands for
  reason text NOT NULL DEFAULT '',            -- the bank's code
  name text NOT NULL DEFAULT '', label text NOT NULL DEFAULT '', iban_blind bytea, last4 text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('read', 'applied', 'known', 'waiting', 'nothing', 'set_aside')),
  verdict text NOT NULL DEFAULT '',           -- why it is in its state
  line_id bigint REFERENCES payout_line ON DELETE RESTRICT,
  run_id bigint REFERENCES payout_run ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX bank_entry_file ON bank_entry (bank_file_id, id);
CREATE INDEX bank_entry_state ON bank_entry (state, said_on DESC, id DESC);
CREATE INDEX bank_entry_line ON bank_entry (line_id) WHERE line_id IS NOT NULL;
CREATE INDEX bank_entry_run ON bank_entry (run_id) WHERE run_id IS NOT NULL;
-- what was decided about it, by whom
CREATE TABLE bank_entry_move (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bank_entry_id bigint NOT NULL REFERENCES bank_entry ON DELETE RESTRICT,
  move text NOT NULL CHECK (move IN ('attach', 'set_aside', 'take_back')),
  reason text NOT NULL DEFAULT '', by_user bigint, at timestamptz NOT NULL
);
CREATE INDEX bank_entry_move_entry ON bank_entry_move (bank_entry_id, id);
SELECT append_only('bank_entry_move');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
