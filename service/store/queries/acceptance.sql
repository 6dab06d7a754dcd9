-- Accepting requests: the contact interval is claimed and the request made in one transaction.

-- name: claim
-- Of many people those come back who may be contacted: their interval starts anew. Of two claims at once one wins, on
-- every engine. :claims is an array of [account, until], :people their fingerprints in the same order, 32 bytes each.
INSERT INTO contact (account, fingerprint, until)
SELECT value ->> 0, substr(:people, key * 32 + 1, 32), value ->> 1 FROM json_each(:claims) WHERE true
ON CONFLICT (fingerprint, account) DO UPDATE SET until = excluded.until
WHERE contact.until <= excluded.until - :interval AND contact.opted_out = 0
RETURNING account, fingerprint;

-- name: contacts
-- What is known of many people: :accounts is an array, :people as above.
SELECT contact.account, contact.fingerprint, contact.until, contact.opted_out
FROM json_each(:accounts) AS one
JOIN contact ON contact.account = one.value AND contact.fingerprint = substr(:people, one.key * 32 + 1, 32);

-- name: segment_set
SELECT id FROM segment_set WHERE survey = :survey AND canonical = :canonical;

-- name: create_segment_set
-- No row comes back when another process has made it just now.
INSERT INTO segment_set (survey, canonical) VALUES (:survey, :canonical)
ON CONFLICT (survey, canonical) DO NOTHING RETURNING id;

-- name: create_segment
INSERT INTO segment (set_id, tag) VALUES (:set_id, :tag);

-- name: create_requests
-- :requests is an array of [survey, question, language, channel, segment set, moment], :ids are theirs, 16 bytes each.
INSERT INTO request (id, survey, question, language, channel, segment_set, accepted_at, state)
SELECT substr(:ids, key * 16 + 1, 16), value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, 1
FROM json_each(:requests);

-- name: create_envelopes
-- :envelopes is an array of [account, channel, day, moment, end, where in :sealed, how long].
INSERT INTO envelope (request, fingerprint, account, channel, day, due_at, closes_at, sealed)
SELECT substr(:ids, key * 16 + 1, 16), substr(:fingerprints, key * 32 + 1, 32),
       value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, substr(:sealed, value ->> 5, value ->> 6)
FROM json_each(:envelopes);
