-- Accepting requests: the contact interval is claimed and the request made in one transaction.

-- name: claim
-- Of many people (:fingerprints, 32 bytes each, all different) those come back who may be contacted: their interval
-- starts anew. Of two claims at once one wins, on every engine.
WITH RECURSIVE place (at) AS (
    SELECT 1 UNION ALL SELECT at + 32 FROM place WHERE at + 32 <= length(:fingerprints)
)
INSERT INTO contact (account, fingerprint, until)
SELECT :account, substr(:fingerprints, at, 32), :until FROM place WHERE true
ON CONFLICT (account, fingerprint) DO UPDATE SET until = excluded.until
WHERE contact.until <= :now AND contact.opted_out = 0
RETURNING fingerprint;

-- name: contacts
-- What is known of many people (:fingerprints as above).
WITH RECURSIVE place (at) AS (
    SELECT 1 UNION ALL SELECT at + 32 FROM place WHERE at + 32 <= length(:fingerprints)
)
SELECT contact.fingerprint, contact.until, contact.opted_out
FROM place JOIN contact ON contact.account = :account AND contact.fingerprint = substr(:fingerprints, place.at, 32);

-- name: segment_set
SELECT id FROM segment_set WHERE survey = :survey AND canonical = :canonical;

-- name: create_segment_set
-- No row comes back when another process has made it just now.
INSERT INTO segment_set (survey, canonical) VALUES (:survey, :canonical)
ON CONFLICT (survey, canonical) DO NOTHING RETURNING id;

-- name: create_segment
INSERT INTO segment (set_id, tag) VALUES (:set_id, :tag);

-- name: create_request
INSERT INTO request (id, survey, question, language, channel, segment_set, accepted_at, state)
VALUES (:id, :survey, :question, :language, :channel, :segment_set, :now, 1);

-- name: create_envelope
INSERT INTO envelope (request, account, channel, fingerprint, sealed, day, due_at, closes_at)
VALUES (:id, :account, :channel, :fingerprint, :sealed, :day, :now, :closes_at);
