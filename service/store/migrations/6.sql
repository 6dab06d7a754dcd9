-- Parts of replies are kept in the database, where every process that hears one finds the others.

CREATE TABLE long_reply (
    message     BLOB PRIMARY KEY,
    day         INTEGER NOT NULL,
    sealed      BLOB,
    marks       TEXT NOT NULL,
    expires_at  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX long_reply_by_expiry ON long_reply (expires_at);
CREATE INDEX long_reply_unread ON long_reply (day) WHERE sealed IS NOT NULL;

UPDATE schema_version SET version = 6;
