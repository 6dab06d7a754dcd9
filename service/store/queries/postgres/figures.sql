-- Reports as PostgreSQL says them: parameters as in ../figures.sql.

-- name: surveys_in_report
SELECT survey.id, way.channel
FROM survey LEFT JOIN json_array_elements_text(:channels::json) AS way (channel) ON EXISTS (
    SELECT 1 FROM figures
    WHERE figures.survey = survey.id AND segment_set = :every AND figures.channel = way.channel AND grain = :grain)
WHERE account = :account AND deleted_at IS NULL AND (:survey::bigint IS NULL OR survey.id = :survey::bigint);

-- name: sets_in_report
SELECT segment_set.survey, segment_set.id
FROM segment_set JOIN survey ON survey.id = segment_set.survey
WHERE survey.account = :account AND survey.deleted_at IS NULL
  AND (:survey::bigint IS NULL OR survey.id = :survey::bigint)
  AND segment_set.id IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT json_array_elements_text(:tags::json))
      GROUP BY set_id HAVING count(*) >= :needed);

-- name: figures_of_stretches
-- OFFSET 0: the roll-up's key is walked once for each set, channel and stretch, whatever the planner thinks of JSON.
-- ::int, since the sum of bigints is a numeric, which costs more than the reading; no row counts two thousand million.
WITH chosen AS MATERIALIZED (
    SELECT (pair ->> 0)::bigint AS survey, (pair ->> 1)::bigint AS segment_set FROM json_array_elements(:sets::json) AS pair),
stretch AS MATERIALIZED (
    SELECT (ends ->> 0)::bigint AS grain, (ends ->> 1)::bigint AS first, (ends ->> 2)::bigint AS last, (ends ->> 3)::int AS sign
    FROM json_array_elements(:stretches::json) AS ends),
looked_up AS MATERIALIZED (
    SELECT * FROM chosen CROSS JOIN json_array_elements_text(:channels::json) AS way (channel) CROSS JOIN stretch)
SELECT coalesce(sum(sign * requests::int), 0) AS requests, coalesce(sum(sign * failed::int), 0) AS failed, coalesce(sum(sign * bad::int), 0) AS bad,
       coalesce(sum(sign * promoters::int), 0) AS promoters, coalesce(sum(sign * passives::int), 0) AS passives,
       coalesce(sum(sign * detractors::int), 0) AS detractors
FROM looked_up CROSS JOIN LATERAL (
    SELECT requests, failed, bad, promoters, passives, detractors FROM figures
    WHERE figures.survey = looked_up.survey AND figures.segment_set = looked_up.segment_set AND figures.channel = looked_up.channel
      AND figures.grain = looked_up.grain AND bucket BETWEEN first AND last OFFSET 0) AS r;

-- name: figures_of_moments
-- LATERAL: the index is walked once for each survey and stretch.
SELECT coalesce(sum(sign * r.requests), 0) AS requests, coalesce(sum(sign * r.failed), 0) AS failed,
       coalesce(sum(sign * r.bad), 0) AS bad, coalesce(sum(sign * r.promoters), 0) AS promoters,
       coalesce(sum(sign * r.passives), 0) AS passives, coalesce(sum(sign * r.detractors), 0) AS detractors
FROM json_array_elements_text(:surveys::json) AS chosen (value)
CROSS JOIN json_array_elements(:stretches::json) AS stretch (ends)
CROSS JOIN LATERAL (SELECT (ends ->> 2)::int AS sign) AS signed
CROSS JOIN LATERAL (
    SELECT count(*) AS requests, count(*) FILTER (WHERE failed = 1) AS failed,
           count(*) FILTER (WHERE verdict IS NOT NULL AND score IS NULL) AS bad,
           count(*) FILTER (WHERE score >= :promoters_from) AS promoters,
           count(*) FILTER (WHERE score > :detractors_to AND score < :promoters_from) AS passives,
           count(*) FILTER (WHERE score <= :detractors_to) AS detractors
    FROM request
    WHERE survey = chosen.value::bigint AND accepted_at BETWEEN (ends ->> 0)::bigint AND (ends ->> 1)::bigint
      AND channel = ANY (ARRAY(SELECT json_array_elements_text(:channels::json)))
      AND (:sets::json IS NULL
           OR segment_set IN (SELECT (value ->> 1)::bigint FROM json_array_elements(:sets::json)))) AS r;

-- name: details_of_days
SELECT channel, language, bucket AS day, failed, verdict, score, sum(many) AS many
FROM (SELECT (value ->> 0)::bigint AS survey, (value ->> 1)::bigint AS segment_set
      FROM json_array_elements(:sets::json)) AS chosen
CROSS JOIN json_array_elements_text(:channels::json) AS way (channel)
JOIN details_of_day USING (survey, segment_set, channel)
WHERE bucket BETWEEN :first AND :last
GROUP BY channel, language, bucket, failed, verdict, score HAVING sum(many) > 0;

-- name: details_of_moments
SELECT channel, language, :day::bigint AS day, failed, coalesce(verdict, '') AS verdict, coalesce(score, -1) AS score,
       count(*) AS many
FROM json_array_elements_text(:surveys::json) AS chosen (value) JOIN request ON survey = chosen.value::bigint
WHERE accepted_at BETWEEN :first AND :last
  AND channel IN (SELECT json_array_elements_text(:channels::json))
  AND (:sets::json IS NULL OR segment_set IN (SELECT (value ->> 1)::bigint FROM json_array_elements(:sets::json)))
GROUP BY channel, language, failed, 5, 6;
