-- The roll-ups grow by what a transaction changed. :cells is a JSON array of rows, all columns in order, sorted by their keys.

-- name: add_to_hours
INSERT INTO figures_of_hour (survey, segment_set, channel, bucket, requests, failed, bad, promoters, passives, detractors)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
FROM json_each(:cells) WHERE true
ON CONFLICT (survey, segment_set, channel, bucket) DO UPDATE SET
    requests = figures_of_hour.requests + excluded.requests, failed = figures_of_hour.failed + excluded.failed,
    bad = figures_of_hour.bad + excluded.bad, promoters = figures_of_hour.promoters + excluded.promoters,
    passives = figures_of_hour.passives + excluded.passives, detractors = figures_of_hour.detractors + excluded.detractors;

-- name: add_to_days
INSERT INTO figures_of_day (survey, segment_set, channel, bucket, requests, failed, bad, promoters, passives, detractors)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
FROM json_each(:cells) WHERE true
ON CONFLICT (survey, segment_set, channel, bucket) DO UPDATE SET
    requests = figures_of_day.requests + excluded.requests, failed = figures_of_day.failed + excluded.failed,
    bad = figures_of_day.bad + excluded.bad, promoters = figures_of_day.promoters + excluded.promoters,
    passives = figures_of_day.passives + excluded.passives, detractors = figures_of_day.detractors + excluded.detractors;

-- name: add_to_details
INSERT INTO details_of_day (survey, segment_set, channel, bucket, language, failed, verdict, score, many)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
FROM json_each(:cells) WHERE true
ON CONFLICT (survey, segment_set, channel, bucket, language, failed, verdict, score)
DO UPDATE SET many = details_of_day.many + excluded.many;
