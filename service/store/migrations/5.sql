-- From a roll-up by hour and one by day to one of three grains: a report over months adds up fortnights.

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
INSERT INTO figures
SELECT survey, segment_set, channel, 1, bucket, requests, failed, bad, promoters, passives, detractors
FROM figures_of_hour;
INSERT INTO figures
SELECT survey, segment_set, channel, 24, bucket, requests, failed, bad, promoters, passives, detractors
FROM figures_of_day;
-- Rounded down, before 1970 too, where a division of whole numbers rounds up.
INSERT INTO figures
SELECT survey, segment_set, channel, 336, (bucket - (bucket % 14 + 14) % 14) / 14, sum(requests), sum(failed), sum(bad), sum(promoters), sum(passives), sum(detractors)
FROM figures_of_day GROUP BY survey, segment_set, channel, (bucket - (bucket % 14 + 14) % 14) / 14;

DROP TABLE figures_of_hour;
DROP TABLE figures_of_day;
UPDATE schema_version SET version = 5;
