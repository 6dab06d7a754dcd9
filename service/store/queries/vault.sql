-- The day's data keys, wrapped, and the mark of the master key that wraps them.

-- name: data_key
SELECT wrapped FROM data_key WHERE day = :day;

-- name: keep_data_key
INSERT INTO data_key (day, wrapped) VALUES (:day, :wrapped) ON CONFLICT (day) DO NOTHING;

-- name: master_key_mark
SELECT mark FROM master_key;

-- name: keep_master_key_mark
INSERT INTO master_key (mark) VALUES (:mark);
