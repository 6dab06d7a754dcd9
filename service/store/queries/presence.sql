-- The processes that work on a database.

-- name: enrol
INSERT INTO worker (seen_at) VALUES (:wall) RETURNING id;

-- name: seen
UPDATE worker SET seen_at = :wall WHERE id = :worker;

-- name: alive
SELECT count(*) AS many FROM worker WHERE seen_at > :alive;

-- name: leave
DELETE FROM worker WHERE id = :worker OR seen_at <= :alive;
