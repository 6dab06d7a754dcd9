-- What the engine itself asks of the database.

-- name: heartbeat
-- One row that is written over, to learn whether writing works.
UPDATE heartbeat SET beats = beats + 1;

