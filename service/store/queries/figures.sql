-- Reports: fortnights, days and hours from the roll-up, the ends of a period request by request.
-- :survey NULL means all of the account's. :sets is a JSON array of [survey, set], :channels one of channels,
-- :stretches one of [grain, first, last, sign], both included; for moments of [first, last, sign].

-- name: surveys_in_report
-- Each with every channel of :channels on which there was anything (NULL for none): looking where nothing is costs
-- as much as looking where something is. :every stands for all sets of tags together.
SELECT survey.id, way.value AS channel
FROM survey LEFT JOIN json_each(:channels) AS way ON EXISTS (
    SELECT 1 FROM figures
    WHERE figures.survey = survey.id AND segment_set = :every AND channel = way.value AND grain = :grain)
WHERE account = :account AND deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey);

-- name: sets_in_report
-- The sets of tags that have at least :needed of :tags (a JSON array).
SELECT segment_set.survey, segment_set.id
FROM segment_set JOIN survey ON survey.id = segment_set.survey
WHERE survey.account = :account AND survey.deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey)
  AND segment_set.id IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT value FROM json_each(:tags))
      GROUP BY set_id HAVING count(*) >= :needed);

-- name: figures_of_stretches
WITH chosen AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS survey, json_extract(value, '$[1]') AS segment_set FROM json_each(:sets)),
stretch AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS grain, json_extract(value, '$[1]') AS first, json_extract(value, '$[2]') AS last,
           json_extract(value, '$[3]') AS sign
    FROM json_each(:stretches))
SELECT coalesce(sum(sign * requests), 0) AS requests, coalesce(sum(sign * failed), 0) AS failed, coalesce(sum(sign * bad), 0) AS bad,
       coalesce(sum(sign * promoters), 0) AS promoters, coalesce(sum(sign * passives), 0) AS passives, coalesce(sum(sign * detractors), 0) AS detractors
FROM chosen CROSS JOIN json_each(:channels) AS way CROSS JOIN stretch CROSS JOIN figures
WHERE figures.survey = chosen.survey AND figures.segment_set = chosen.segment_set AND channel = way.value
  AND figures.grain = stretch.grain AND bucket BETWEEN first AND last;

-- name: figures_of_moments
-- :sets NULL means whatever the tags. Counted in one pass: grouping would sort thousands of rows.
WITH stretch AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS first, json_extract(value, '$[1]') AS last, json_extract(value, '$[2]') AS sign
    FROM json_each(:stretches))
SELECT coalesce(sum(sign), 0) AS requests, coalesce(sum(sign) FILTER (WHERE failed = 1), 0) AS failed,
       coalesce(sum(sign) FILTER (WHERE verdict IS NOT NULL AND score IS NULL), 0) AS bad,
       coalesce(sum(sign) FILTER (WHERE score >= :promoters_from), 0) AS promoters,
       coalesce(sum(sign) FILTER (WHERE score > :detractors_to AND score < :promoters_from), 0) AS passives,
       coalesce(sum(sign) FILTER (WHERE score <= :detractors_to), 0) AS detractors
FROM json_each(:surveys) AS chosen CROSS JOIN stretch CROSS JOIN request
WHERE survey = chosen.value AND accepted_at BETWEEN first AND last
  AND channel IN (SELECT value FROM json_each(:channels))
  AND (:sets IS NULL OR segment_set IN (SELECT json_extract(value, '$[1]') FROM json_each(:sets)));

-- name: details_of_days
SELECT channel, language, bucket AS day, failed, verdict, score, sum(many) AS many
FROM json_each(:sets) AS chosen CROSS JOIN json_each(:channels) AS way CROSS JOIN details_of_day
WHERE survey = json_extract(chosen.value, '$[0]') AND segment_set = json_extract(chosen.value, '$[1]')
  AND channel = way.value AND bucket BETWEEN :first AND :last
GROUP BY channel, language, bucket, failed, verdict, score HAVING sum(many) > 0;

-- name: details_of_moments
-- An end of a period lies within one day of Brussels: :day. :sets NULL means whatever the tags.
SELECT channel, language, :day AS day, failed, coalesce(verdict, '') AS verdict, coalesce(score, -1) AS score,
       count(*) AS many
FROM json_each(:surveys) AS chosen CROSS JOIN request
WHERE survey = chosen.value AND accepted_at BETWEEN :first AND :last
  AND channel IN (SELECT value FROM json_each(:channels))
  AND (:sets IS NULL OR segment_set IN (SELECT json_extract(value, '$[1]') FROM json_each(:sets)))
GROUP BY channel, language, failed, verdict, score;

-- name: first_moment
-- When the account's first request was accepted.
SELECT min((SELECT min(accepted_at) FROM request WHERE request.survey = survey.id)) AS moment
FROM survey WHERE account = :account AND deleted_at IS NULL;
