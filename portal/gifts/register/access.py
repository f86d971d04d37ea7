"""The only doors to the gift register."""

# What referrers were given for their recommendations, net of corrections: a pair of the same year is no benefit at all;
# what is corrected in a later year, because the first is closed, lowers that one. Of each: what it was worth to them.
BENEFITS = """
SELECT coalesce(referrer.alias_of, gift.referrer_id) AS referrer_id, gift.legal_entity_id, gift.id AS gift_id, gift.ref,
       gift.given_on, extract(year FROM gift.given_on)::int AS year, gift.value_cents, gift.character, standing.status
FROM gift JOIN referrer ON referrer.id = gift.referrer_id
LEFT JOIN LATERAL (
  SELECT status FROM referrer_standing WHERE referrer_id = gift.referrer_id AND since <= gift.given_on
  ORDER BY since DESC, id DESC LIMIT 1
) standing ON true
WHERE gift.character = 'remuneration' AND NOT EXISTS (
  SELECT FROM gift other WHERE (other.reverses_id = gift.id OR other.id = gift.reverses_id)
    AND extract(year FROM other.given_on) = extract(year FROM gift.given_on))
"""
