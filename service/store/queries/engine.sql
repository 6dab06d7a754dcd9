-- What the engine itself asks of the database.

-- name: heartbeat
-- One row that is written over, to learn whether writing works.
UPDATE heartbeat SET beats = beats + 1;

-- name: integrity
-- One row "ok", or one for each fault.
PRAGMA integrity_check;

-- name: truncate_log
-- (busy, frames, frames moved): busy is 1 when a reader still needs the log.
PRAGMA wal_checkpoint(TRUNCATE);

-- name: wait_shortly
-- A checkpoint must not hold up the writer behind a long report: it is tried again later.
PRAGMA busy_timeout = 50;

-- name: wait_normally
PRAGMA busy_timeout = 2000;
