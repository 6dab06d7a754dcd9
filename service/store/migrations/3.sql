-- From the tally by day, kept by triggers, to roll-ups by hour and day that each transaction writes itself.

-- Roll-ups, so that a report adds up days and hours and not requests. Written in the transaction that changes the
-- requests (rollups.py); always what counting would give. `bucket`: hours since the epoch, or days of Brussels. Set -1
-- stands for all sets of tags together. `bad` are responses without a score.
CREATE TABLE figures_of_hour (
    survey       INTEGER NOT NULL,
    segment_set  INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    bucket       INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    bad          INTEGER NOT NULL,
    promoters    INTEGER NOT NULL,
    passives     INTEGER NOT NULL,
    detractors   INTEGER NOT NULL,
    PRIMARY KEY (survey, segment_set, channel, bucket)
) WITHOUT ROWID;
CREATE TABLE figures_of_day (
    survey       INTEGER NOT NULL,
    segment_set  INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    bucket       INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    bad          INTEGER NOT NULL,
    promoters    INTEGER NOT NULL,
    passives     INTEGER NOT NULL,
    detractors   INTEGER NOT NULL,
    PRIMARY KEY (survey, segment_set, channel, bucket)
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

INSERT INTO figures_of_hour
SELECT survey, segment_set, channel, accepted_at / 3600000, count(*), sum(failed),
       sum(verdict IS NOT NULL AND verdict <> 'good'), sum(score IS NOT NULL AND score >= 9),
       sum(score IS NOT NULL AND score IN (7, 8)), sum(score IS NOT NULL AND score <= 6)
FROM request GROUP BY survey, segment_set, channel, accepted_at / 3600000;
INSERT INTO figures_of_hour
SELECT survey, -1, channel, accepted_at / 3600000, count(*), sum(failed),
       sum(verdict IS NOT NULL AND verdict <> 'good'), sum(score IS NOT NULL AND score >= 9),
       sum(score IS NOT NULL AND score IN (7, 8)), sum(score IS NOT NULL AND score <= 6)
FROM request GROUP BY survey, channel, accepted_at / 3600000;
INSERT INTO figures_of_day
SELECT survey, segment_set, channel, day, count(*), sum(failed),
       sum(verdict IS NOT NULL AND verdict <> 'good'), sum(score IS NOT NULL AND score >= 9),
       sum(score IS NOT NULL AND score IN (7, 8)), sum(score IS NOT NULL AND score <= 6)
FROM request GROUP BY survey, segment_set, channel, day;
INSERT INTO figures_of_day
SELECT survey, -1, channel, day, count(*), sum(failed),
       sum(verdict IS NOT NULL AND verdict <> 'good'), sum(score IS NOT NULL AND score >= 9),
       sum(score IS NOT NULL AND score IN (7, 8)), sum(score IS NOT NULL AND score <= 6)
FROM request GROUP BY survey, channel, day;
INSERT INTO details_of_day
SELECT survey, segment_set, channel, day, language, failed, coalesce(verdict, ''), coalesce(score, -1), count(*)
FROM request GROUP BY survey, segment_set, channel, day, language, failed, verdict, score;
INSERT INTO details_of_day
SELECT survey, -1, channel, day, language, failed, coalesce(verdict, ''), coalesce(score, -1), count(*)
FROM request GROUP BY survey, channel, day, language, failed, verdict, score;

ALTER TABLE envelope ADD COLUMN worker INTEGER;
CREATE INDEX envelope_leased ON envelope (channel, worker) WHERE lease_until IS NOT NULL;
CREATE TABLE worker (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    seen_at  INTEGER NOT NULL
);

DROP TRIGGER request_made;
DROP TRIGGER request_changed;
DROP TABLE tally;
ALTER TABLE request DROP COLUMN day;
UPDATE schema_version SET version = 3;
