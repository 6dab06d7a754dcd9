-- Where several processes share a database: rows that will change are held until the transaction ends. What is only
-- a lock stands behind the statement that SQLite gets.

-- name: facts
FOR UPDATE;

-- name: due
-- What another process is leasing at this moment is passed over.
FOR UPDATE OF envelope SKIP LOCKED;

-- name: expired
FOR UPDATE OF envelope, request SKIP LOCKED;

-- name: anything_out
SELECT 1 AS found FROM envelope
WHERE handed_at IS NOT NULL AND channel = :channel AND closes_at > :now LIMIT 1;

-- name: data_key
-- Held, so that no sweep destroys it before what is sealed with it is there to be seen.
FOR KEY SHARE;

-- name: hold_data_keys
-- Waits for everybody who is sealing with one.
FOR UPDATE;

-- name: long_reply
-- Held until its part is kept: of two that come at once the second then finds the first.
FOR UPDATE;
