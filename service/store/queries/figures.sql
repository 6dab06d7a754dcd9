-- Reports: whole days from the tally, the ends of a period request by request.
-- :survey NULL means all of the account's; :tags NULL means no filter, else a JSON array of which a set needs :needed.

-- name: tally_of_days
SELECT tally.failed, tally.verdict, tally.score, sum(tally.many) AS many
FROM survey CROSS JOIN tally
WHERE survey.account = :account AND survey.deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey)
  AND tally.survey = survey.id AND tally.day BETWEEN :first AND :last
  AND (:channel IS NULL OR tally.channel = :channel)
  AND (:tags IS NULL OR tally.segment_set IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT value FROM json_each(:tags))
      GROUP BY set_id HAVING count(*) >= :needed))
GROUP BY tally.failed, tally.verdict, tally.score HAVING sum(tally.many) > 0;

-- name: tally_of_moments
SELECT request.failed, coalesce(request.verdict, '') AS verdict, coalesce(request.score, -1) AS score,
       count(*) AS many
FROM survey CROSS JOIN request
WHERE survey.account = :account AND survey.deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey)
  AND request.survey = survey.id AND request.accepted_at BETWEEN :first AND :last
  AND (:channel IS NULL OR request.channel = :channel)
  AND (:tags IS NULL OR request.segment_set IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT value FROM json_each(:tags))
      GROUP BY set_id HAVING count(*) >= :needed))
GROUP BY request.failed, request.verdict, request.score;

-- name: details_of_days
SELECT tally.channel, tally.language, tally.day, tally.failed, tally.verdict, tally.score, sum(tally.many) AS many
FROM survey CROSS JOIN tally
WHERE survey.account = :account AND survey.deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey)
  AND tally.survey = survey.id AND tally.day BETWEEN :first AND :last
  AND (:channel IS NULL OR tally.channel = :channel)
  AND (:tags IS NULL OR tally.segment_set IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT value FROM json_each(:tags))
      GROUP BY set_id HAVING count(*) >= :needed))
GROUP BY tally.channel, tally.language, tally.day, tally.failed, tally.verdict, tally.score
HAVING sum(tally.many) > 0;

-- name: details_of_moments
-- An end of a period lies within one day of Brussels: :day.
SELECT request.channel, request.language, :day AS day, request.failed,
       coalesce(request.verdict, '') AS verdict, coalesce(request.score, -1) AS score, count(*) AS many
FROM survey CROSS JOIN request
WHERE survey.account = :account AND survey.deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey)
  AND request.survey = survey.id AND request.accepted_at BETWEEN :first AND :last
  AND (:channel IS NULL OR request.channel = :channel)
  AND (:tags IS NULL OR request.segment_set IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT value FROM json_each(:tags))
      GROUP BY set_id HAVING count(*) >= :needed))
GROUP BY request.channel, request.language, request.failed, request.verdict, request.score;

-- name: first_moment
-- When the account's first request was accepted.
SELECT min((SELECT min(accepted_at) FROM request WHERE request.survey = survey.id)) AS moment
FROM survey WHERE account = :account AND deleted_at IS NULL;
