-- The roll-ups as PostgreSQL writes them: parameters as in ../rollups.sql.

-- name: add_to_figures
INSERT INTO figures (survey, segment_set, channel, grain, bucket, requests, failed, bad, promoters, passives, detractors)
SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2, (value ->> 3)::bigint, (value ->> 4)::bigint,
       (value ->> 5)::bigint, (value ->> 6)::bigint, (value ->> 7)::bigint, (value ->> 8)::bigint, (value ->> 9)::bigint,
       (value ->> 10)::bigint
FROM jsonb_array_elements(:cells::jsonb)
ON CONFLICT (survey, segment_set, channel, grain, bucket) DO UPDATE SET
    requests = figures.requests + excluded.requests, failed = figures.failed + excluded.failed,
    bad = figures.bad + excluded.bad, promoters = figures.promoters + excluded.promoters,
    passives = figures.passives + excluded.passives, detractors = figures.detractors + excluded.detractors;

-- name: add_to_details
INSERT INTO details_of_day (survey, segment_set, channel, bucket, language, failed, verdict, score, many)
SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2, (value ->> 3)::bigint, value ->> 4, (value ->> 5)::bigint,
       value ->> 6, (value ->> 7)::bigint, (value ->> 8)::bigint
FROM jsonb_array_elements(:cells::jsonb)
ON CONFLICT (survey, segment_set, channel, bucket, language, failed, verdict, score)
DO UPDATE SET many = details_of_day.many + excluded.many;
