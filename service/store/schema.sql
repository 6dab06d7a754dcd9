-- The survey service's tables. Moments are milliseconds since the epoch; `wall` marks this machine's time.

CREATE TABLE account (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL,
    created_at  INTEGER NOT NULL
);

CREATE TABLE client (
    id          TEXT PRIMARY KEY,
    account     INTEGER NOT NULL REFERENCES account (id),
    secret      BLOB NOT NULL,              -- scrypt of the secret under `salt`
    salt        BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER
) WITHOUT ROWID;

CREATE TABLE token (
    digest      BLOB PRIMARY KEY,           -- SHA-256 of the token, which is itself 256 random bits
    account     INTEGER NOT NULL REFERENCES account (id),
    client      TEXT NOT NULL REFERENCES client (id),
    expires_at  INTEGER NOT NULL            -- wall
) WITHOUT ROWID;
CREATE INDEX token_by_expiry ON token (expires_at);

CREATE TABLE survey (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    account           INTEGER NOT NULL REFERENCES account (id),
    name              TEXT NOT NULL,
    interaction_type  TEXT NOT NULL,
    deleted_at        INTEGER               -- gone for everybody from here on; its rows follow in slices (closing.sql)
);
CREATE INDEX survey_by_account ON survey (account, id) WHERE deleted_at IS NULL;
CREATE INDEX survey_deleted ON survey (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE question (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    survey        INTEGER NOT NULL REFERENCES survey (id) ON DELETE CASCADE,
    language      TEXT NOT NULL,            -- as it was given, trimmed
    language_key  TEXT NOT NULL,            -- lower case: tags compare without case
    body          TEXT NOT NULL,
    UNIQUE (survey, language_key)
);

-- A customer's tags are stored once for each set that was ever used together in a survey. 0 is the empty set and has no row.
CREATE TABLE segment_set (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    survey     INTEGER NOT NULL REFERENCES survey (id) ON DELETE CASCADE,
    canonical  TEXT NOT NULL,               -- JSON array of the distinct tags, sorted
    UNIQUE (survey, canonical)
);
CREATE TABLE segment (
    set_id   INTEGER NOT NULL REFERENCES segment_set (id) ON DELETE CASCADE,
    tag      TEXT NOT NULL,
    PRIMARY KEY (set_id, tag)
) WITHOUT ROWID;
CREATE INDEX segment_by_tag ON segment (tag, set_id);

-- The facts of a request: nothing in this table tells of a person.
-- `segment_set` refers to a set of the same survey, or is 0; no foreign key, which would need an index of its own.
CREATE TABLE request (
    id           BLOB PRIMARY KEY,          -- UUID of version 7
    survey       INTEGER NOT NULL REFERENCES survey (id),
    question     INTEGER NOT NULL,
    language     TEXT NOT NULL,             -- of the question sent, as it was given
    channel      TEXT NOT NULL,
    segment_set  INTEGER NOT NULL,
    accepted_at  INTEGER NOT NULL,
    state        INTEGER NOT NULL,          -- 1 ACCEPTED → 2 SUBMITTED → 3 DELIVERED → 4 ANSWERED | 5 FAILED | 6 CLOSED
    failed       INTEGER NOT NULL DEFAULT 0 CHECK ((failed = 1) = (state = 5)),
    verdict      TEXT,                      -- of the response that counts, if any: 'good', or the first bad one's
    score        INTEGER CHECK ((score IS NOT NULL) = (coalesce(verdict, '') = 'good'))
) WITHOUT ROWID;
-- Covers the ends of a report's period. Without `state`, so that what no report shows leaves it alone:
-- statements set `failed` only where it changes.
CREATE INDEX request_by_moment ON request (survey, accepted_at, channel, segment_set, failed, verdict, score, language);

-- A roll-up, so that a report adds up fortnights, days and hours and not requests. Written in the transaction that changes
-- the requests (rollups.py); always what counting would give. `grain`: hours in a bucket, 1, 24 or 336. `bucket`: hours
-- since the epoch, days of Brussels, or those divided by 14. Set -1 stands for all sets of tags together. `bad` are
-- responses without a score.
CREATE TABLE figures (
    survey       INTEGER NOT NULL,
    segment_set  INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    grain        INTEGER NOT NULL,
    bucket       INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    bad          INTEGER NOT NULL,
    promoters    INTEGER NOT NULL,
    passives     INTEGER NOT NULL,
    detractors   INTEGER NOT NULL,
    PRIMARY KEY (survey, segment_set, channel, grain, bucket)
) WITHOUT ROWID;

-- The same by day with what only `include=details` tells apart. '' and -1 stand for no verdict and no score.
CREATE TABLE details_of_day (
    survey       INTEGER NOT NULL,
    segment_set  INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    bucket       INTEGER NOT NULL,
    language     TEXT NOT NULL,
    failed       INTEGER NOT NULL,
    verdict      TEXT NOT NULL,
    score        INTEGER NOT NULL,
    many         INTEGER NOT NULL,
    PRIMARY KEY (survey, segment_set, channel, bucket, language, failed, verdict, score)
) WITHOUT ROWID;

-- What is needed only while a request is open; the row is deleted when it closes.
--   queued     due_at set, handed_at NULL
--   leased     due_at = lease_until, handed_at set: a reply may overtake the gateway's answer
--   deferred   due_at = next try; handed_at NULL if the gateway said no, kept if nobody knows
--   handed     due_at NULL, sealed NULL, closes_at = handed_at + response window
CREATE TABLE envelope (
    request      BLOB PRIMARY KEY REFERENCES request (id) ON DELETE CASCADE,
    account      INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    fingerprint  BLOB NOT NULL,             -- keyed hash of the destination
    sealed       BLOB,                      -- the destination under the day's key; gone exactly when due_at is
    day          INTEGER NOT NULL,          -- whose data key sealed it: days since the epoch, UTC
    due_at       INTEGER,                   -- next try, or end of the lease; NULL once the gateway took it
    lease_until  INTEGER,                   -- a worker is handing it over until then
    tries        INTEGER NOT NULL DEFAULT 0,
    handed_at    INTEGER,                   -- when the hand-over began: from then on replies can belong to it
    gateway_id   TEXT,
    poll_at      INTEGER,                   -- when to ask the gateway what became of it
    closes_at    INTEGER NOT NULL,          -- end of validity while queued, of the response window once handed over
    worker       INTEGER                    -- who holds the lease
) WITHOUT ROWID;
CREATE INDEX envelope_leased ON envelope (channel, worker) WHERE lease_until IS NOT NULL;
-- `day` rides along so that a sweep can tell from this index alone whether a data key is still needed.
CREATE INDEX envelope_due ON envelope (channel, due_at, day) WHERE due_at IS NOT NULL;
CREATE INDEX envelope_open ON envelope (fingerprint, channel, handed_at) WHERE handed_at IS NOT NULL;
CREATE INDEX envelope_by_gateway_id ON envelope (gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX envelope_poll ON envelope (channel, poll_at) WHERE poll_at IS NOT NULL;
CREATE INDEX envelope_closing ON envelope (closes_at);

-- When a person was last contacted by an account, and whether they opted out. Outlives surveys and deliveries.
CREATE TABLE contact (
    account      INTEGER NOT NULL,
    fingerprint  BLOB NOT NULL,
    until        INTEGER NOT NULL,          -- end of the contact interval
    opted_out    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (fingerprint, account)      -- a STOP without an open request looks for the person alone
) WITHOUT ROWID;
CREATE INDEX contact_by_end ON contact (until) WHERE opted_out = 0;

-- First answers, for replays of an idempotency key.
CREATE TABLE idempotency (
    account     INTEGER NOT NULL,
    path        TEXT NOT NULL,
    key_hash    BLOB NOT NULL,              -- keyed hash
    body_hash   BLOB NOT NULL,              -- keyed hash of the canonical JSON value
    status      INTEGER NOT NULL,
    answer      TEXT NOT NULL,
    location    TEXT,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (account, path, key_hash)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

-- Replies that were taken, so that a second copy changes nothing.
CREATE TABLE taken_reply (
    digest      BLOB PRIMARY KEY,           -- keyed hash of channel and message id
    expires_at  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX taken_reply_by_expiry ON taken_reply (expires_at);

-- Replies that come in parts, each part perhaps to another process. Without a row nothing of it was heard lately.
CREATE TABLE long_reply (
    message     BLOB PRIMARY KEY,           -- keyed hash of what its parts have in common
    day         INTEGER NOT NULL,           -- whose data key sealed it: days since the epoch, UTC
    sealed      BLOB,                       -- the parts that came, until the message is read
    marks       TEXT NOT NULL,              -- JSON: number of each part that came → keyed hash of it
    expires_at  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX long_reply_by_expiry ON long_reply (expires_at);
CREATE INDEX long_reply_unread ON long_reply (day) WHERE sealed IS NOT NULL;

-- Reports that named a message by the gateway's id before we knew that id: they wait for it. Nothing personal.
CREATE TABLE early_report (
    channel      TEXT NOT NULL,
    gateway_id   TEXT NOT NULL,             -- in one of the spellings the gateway may have used
    fingerprint  BLOB NOT NULL,             -- keyed hash of whom the message went to
    event        TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (channel, gateway_id, fingerprint)
) WITHOUT ROWID;
CREATE INDEX early_report_by_expiry ON early_report (expires_at);

-- One key a day, wrapped by the master key; destroyed when no envelope of that day holds a destination any more.
CREATE TABLE data_key (
    day      INTEGER PRIMARY KEY,           -- days since the epoch, UTC
    wrapped  BLOB NOT NULL
);

-- Which master key this database belongs to: with another one every fingerprint would be a stranger's.
CREATE TABLE master_key (mark BLOB NOT NULL);

-- The processes that work on this database; whoever was not seen for a while is dead, and its leases are void.
CREATE TABLE worker (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    seen_at  INTEGER NOT NULL               -- wall
);

CREATE TABLE heartbeat (beats INTEGER NOT NULL);
INSERT INTO heartbeat VALUES (0);

CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (6);
