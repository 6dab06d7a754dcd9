-- What time ends: response windows, validities, contact intervals, and what is kept of them.

-- name: expired
-- What a worker is handing over at this moment is left to it.
SELECT envelope.request, envelope.due_at, request.state, request.survey, request.segment_set, request.channel,
       request.language, request.accepted_at, request.failed, request.verdict, request.score
FROM envelope JOIN request ON request.id = envelope.request
WHERE envelope.closes_at <= :now AND (envelope.lease_until IS NULL OR envelope.lease_until <= :now)
ORDER BY envelope.closes_at LIMIT :limit;

-- name: next_closing
SELECT min(closes_at) AS moment FROM envelope;

-- name: destroy_data_keys
-- Those whose day has no destination left (`sealed` is there exactly while `due_at` is), and no part of a reply.
DELETE FROM data_key
WHERE NOT EXISTS (SELECT 1 FROM envelope WHERE envelope.due_at IS NOT NULL AND envelope.day = data_key.day)
  AND NOT EXISTS (SELECT 1 FROM long_reply WHERE long_reply.sealed IS NOT NULL AND long_reply.day = data_key.day);

-- name: hold_data_keys
-- Where others may be sealing at this moment it waits for them; here nobody is.
SELECT day FROM data_key;

-- name: unneeded_data_keys
SELECT day FROM data_key
WHERE NOT EXISTS (SELECT 1 FROM envelope WHERE envelope.due_at IS NOT NULL AND envelope.day = data_key.day)
  AND NOT EXISTS (SELECT 1 FROM long_reply WHERE long_reply.sealed IS NOT NULL AND long_reply.day = data_key.day);

-- name: any_data_key
SELECT 1 FROM data_key LIMIT 1;

-- name: drop_contacts
DELETE FROM contact WHERE (fingerprint, account) IN (
    SELECT fingerprint, account FROM contact WHERE until <= :now AND opted_out = 0 LIMIT :limit);

-- name: drop_answers
DELETE FROM idempotency WHERE (account, path, key_hash) IN (
    SELECT account, path, key_hash FROM idempotency WHERE expires_at <= :now LIMIT :limit);

-- name: drop_taken_replies
DELETE FROM taken_reply WHERE digest IN (SELECT digest FROM taken_reply WHERE expires_at <= :now LIMIT :limit);

-- name: drop_early_reports
DELETE FROM early_report WHERE (channel, gateway_id, fingerprint) IN (
    SELECT channel, gateway_id, fingerprint FROM early_report WHERE expires_at <= :now LIMIT :limit);

-- name: drop_long_replies
DELETE FROM long_reply WHERE message IN (SELECT message FROM long_reply WHERE expires_at <= :now LIMIT :limit);

-- name: deleted_survey
-- A survey whose rows still have to go.
SELECT id FROM survey WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1;

-- name: drop_requests
-- A slice of a survey's requests, their envelopes with them.
DELETE FROM request WHERE id IN (SELECT id FROM request WHERE survey = :survey LIMIT :limit);

-- name: drop_figures
-- A slice of a survey's roll-up, as that behind it.
DELETE FROM figures WHERE (survey, segment_set, channel, grain, bucket) IN (
    SELECT survey, segment_set, channel, grain, bucket FROM figures WHERE survey = :survey LIMIT :limit);

-- name: drop_details
DELETE FROM details_of_day WHERE (survey, segment_set, channel, bucket, language, failed, verdict, score) IN (
    SELECT survey, segment_set, channel, bucket, language, failed, verdict, score FROM details_of_day
    WHERE survey = :survey LIMIT :limit);

-- name: drop_segment_sets
DELETE FROM segment_set WHERE id IN (SELECT id FROM segment_set WHERE survey = :survey LIMIT :limit);

-- name: drop_survey
DELETE FROM survey WHERE id = :survey AND deleted_at IS NOT NULL;
