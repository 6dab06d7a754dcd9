-- The roll-ups grow by what a transaction changed. :cells is a JSON array of rows, all columns in order, sorted by their keys.

-- name: add_to_figures
INSERT INTO figures (survey, segment_set, channel, grain, bucket, requests, failed, bad, promoters, passives, detractors)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9,
       value ->> 10
FROM json_each(:cells) WHERE true
ON CONFLICT (survey, segment_set, channel, grain, bucket) DO UPDATE SET
    requests = figures.requests + excluded.requests, failed = figures.failed + excluded.failed,
    bad = figures.bad + excluded.bad, promoters = figures.promoters + excluded.promoters,
    passives = figures.passives + excluded.passives, detractors = figures.detractors + excluded.detractors;

-- name: add_to_details
INSERT INTO details_of_day (survey, segment_set, channel, bucket, language, failed, verdict, score, many)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
FROM json_each(:cells) WHERE true
ON CONFLICT (survey, segment_set, channel, bucket, language, failed, verdict, score)
DO UPDATE SET many = details_of_day.many + excluded.many;
