-- Replies in parts. Processes that hear parts of one message at the same time wait for each other at its row.

-- name: expect_long_reply
INSERT INTO long_reply (message, day, sealed, marks, expires_at) VALUES (:message, 0, NULL, '{}', :expires)
ON CONFLICT (message) DO NOTHING;

-- name: long_reply
SELECT day, sealed, marks FROM long_reply WHERE message = :message;

-- name: keep_long_reply
UPDATE long_reply SET day = :day, sealed = :sealed, marks = :marks, expires_at = :expires WHERE message = :message;
