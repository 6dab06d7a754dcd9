-- Endings as PostgreSQL says them: parameters as in ../closing.sql. What another process holds at this moment is passed
-- over and goes with the next sweep, which is why no sweep is in anybody's circle.

-- name: drop_contacts
DELETE FROM contact WHERE (fingerprint, account) IN (
    SELECT fingerprint, account FROM contact WHERE until <= :now AND opted_out = 0
    LIMIT :limit FOR UPDATE SKIP LOCKED);

-- name: drop_answers
DELETE FROM idempotency WHERE (account, path, key_hash) IN (
    SELECT account, path, key_hash FROM idempotency WHERE expires_at <= :now LIMIT :limit FOR UPDATE SKIP LOCKED);

-- name: drop_taken_replies
DELETE FROM taken_reply WHERE digest = ANY (ARRAY(
    SELECT digest FROM taken_reply WHERE expires_at <= :now LIMIT :limit FOR UPDATE SKIP LOCKED));

-- name: drop_early_reports
DELETE FROM early_report WHERE (channel, gateway_id, fingerprint) IN (
    SELECT channel, gateway_id, fingerprint FROM early_report WHERE expires_at <= :now
    LIMIT :limit FOR UPDATE SKIP LOCKED);

-- name: drop_long_replies
DELETE FROM long_reply WHERE message = ANY (ARRAY(
    SELECT message FROM long_reply WHERE expires_at <= :now LIMIT :limit FOR UPDATE SKIP LOCKED));

-- name: drop_requests
-- Envelopes are held before their requests, as everywhere; the condition that counts them is always true.
WITH chosen AS MATERIALIZED (SELECT id FROM request WHERE survey = :survey LIMIT :limit),
     held AS MATERIALIZED (
         SELECT request FROM envelope WHERE request IN (SELECT id FROM chosen) ORDER BY request FOR UPDATE)
DELETE FROM request WHERE (SELECT count(*) FROM held) >= 0 AND id = ANY (ARRAY(SELECT id FROM chosen));
