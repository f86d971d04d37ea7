"""The ways on which money goes out: by the bank, by Stripe, by hand. One run goes by one of them.

What a rail answers stands in rail.py, who is paid by which one in choosing.py, the closed table of all in table.py.
A run knows its rail by its name (`payout_run.rail`); nothing outside of this room asks which one it is.

The life of a run is the same on each rail: prepared, approved by another, sent, settled when nothing of it is under way.
  sepa    `make_file` gives the file before the deed; the run is then marked as sent, and its lines settle or fail by
          the word of the bank.
  hand    nothing goes out: the run is marked as sent, and each line settles or fails with the proof that a person gives.
  stripe  `go` writes one row per line in the deed that sends. A job runs after the deed: it asks Stripe under the key of
          the row, which makes a second asking harmless, and tells the answer in a deed of its own.
A line ends by the same two verbs on each rail: `actions.settle_lines([line], on)` and `actions.fail(line, on, why)`, which
also undoes a line that had arrived (a reversal). Both refuse a line that is not where they start from (Stale).
"""
