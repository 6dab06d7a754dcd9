-- The roll-ups as PostgreSQL writes them: parameters as in ../rollups.sql.

-- name: add_to_hours
INSERT INTO figures_of_hour (survey, segment_set, channel, bucket, requests, failed, bad, promoters, passives, detractors)
SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2, (value ->> 3)::bigint, (value ->> 4)::bigint,
       (value ->> 5)::bigint, (value ->> 6)::bigint, (value ->> 7)::bigint, (value ->> 8)::bigint, (value ->> 9)::bigint
FROM jsonb_array_elements(:cells::jsonb)
ON CONFLICT (survey, segment_set, channel, bucket) DO UPDATE SET
    requests = figures_of_hour.requests + excluded.requests, failed = figures_of_hour.failed + excluded.failed,
    bad = figures_of_hour.bad + excluded.bad, promoters = figures_of_hour.promoters + excluded.promoters,
    passives = figures_of_hour.passives + excluded.passives, detractors = figures_of_hour.detractors + excluded.detractors;

-- name: add_to_days
INSERT INTO figures_of_day (survey, segment_set, channel, bucket, requests, failed, bad, promoters, passives, detractors)
SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2, (value ->> 3)::bigint, (value ->> 4)::bigint,
       (value ->> 5)::bigint, (value ->> 6)::bigint, (value ->> 7)::bigint, (value ->> 8)::bigint, (value ->> 9)::bigint
FROM jsonb_array_elements(:cells::jsonb)
ON CONFLICT (survey, segment_set, channel, bucket) DO UPDATE SET
    requests = figures_of_day.requests + excluded.requests, failed = figures_of_day.failed + excluded.failed,
    bad = figures_of_day.bad + excluded.bad, promoters = figures_of_day.promoters + excluded.promoters,
    passives = figures_of_day.passives + excluded.passives, detractors = figures_of_day.detractors + excluded.detractors;

-- name: add_to_details
INSERT INTO details_of_day (survey, segment_set, channel, bucket, language, failed, verdict, score, many)
SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2, (value ->> 3)::bigint, value ->> 4, (value ->> 5)::bigint,
       value ->> 6, (value ->> 7)::bigint, (value ->> 8)::bigint
FROM jsonb_array_elements(:cells::jsonb)
ON CONFLICT (survey, segment_set, channel, bucket, language, failed, verdict, score)
DO UPDATE SET many = details_of_day.many + excluded.many;
