-- First answers under an idempotency key.

-- name: kept_answer
SELECT body_hash, status, answer, location FROM idempotency
WHERE account = :account AND path = :path AND key_hash = :key_hash AND expires_at > :now;

-- name: keep_answer
-- An expired answer under the same key gives way.
INSERT INTO idempotency (account, path, key_hash, body_hash, status, answer, location, expires_at)
VALUES (:account, :path, :key_hash, :body_hash, :status, :answer, :location, :expires_at)
ON CONFLICT (account, path, key_hash) DO UPDATE
SET body_hash = excluded.body_hash, status = excluded.status, answer = excluded.answer,
    location = excluded.location, expires_at = excluded.expires_at
WHERE idempotency.expires_at <= :now;
