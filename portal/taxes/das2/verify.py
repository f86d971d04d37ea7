"""What must always hold of declarations: a run tells what its lines add up to, and its file is the one whose hash it keeps."""

CHECKED = {"das2_runs": "SELECT count(*) FROM das2_run", "das2_lines": "SELECT count(*) FROM das2_line"}
# Whole euros, half a euro up, each line for itself: as the file is written.
FAULTS = {
    "das2_differs_from_lines": """
        SELECT run.ref FROM das2_run run JOIN LATERAL (
          SELECT count(*) FILTER (WHERE route = 'file') AS people, count(*) FILTER (WHERE route = 'online') AS online,
                 coalesce(sum(round(commission_cents / 100.0)) FILTER (WHERE route = 'file'), 0) AS commissions,
                 coalesce(sum(round(benefit_cents / 100.0)) FILTER (WHERE route = 'file'), 0) AS benefits,
                 coalesce(sum(round(withheld_cents / 100.0)) FILTER (WHERE route = 'file'), 0) AS withheld
          FROM das2_line WHERE run_id = run.id
        ) line ON (line.people, line.online, line.commissions, line.benefits, line.withheld)
          IS DISTINCT FROM (run.people, run.online, run.commissions_eur, run.benefits_eur, run.withheld_eur)""",
    "das2_below_the_threshold": """
        SELECT run.ref FROM das2_line line JOIN das2_run run ON run.id = line.run_id
        WHERE line.commission_cents + line.benefit_cents <= run.threshold_cents""",
    "das2_without_its_file": """
        SELECT ref FROM das2_run run WHERE NOT EXISTS (
          SELECT FROM stored_file file WHERE file.subject_kind = 'das2_plain' AND file.subject_id = run.id AND file.sha256 = run.sha256)""",
}
