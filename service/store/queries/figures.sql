-- Reports. Everything they ask for stands in the index request_by_moment.

-- name: tally
-- How many requests of each outcome, over one survey or (:survey NULL) all of the account's.
SELECT request.state, request.verdict, request.score, count(*) AS many
FROM survey CROSS JOIN request
WHERE survey.account = :account AND survey.deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey)
  AND request.survey = survey.id AND request.accepted_at BETWEEN :start AND :end
  AND (:channel IS NULL OR request.channel = :channel)
  AND (:tags IS NULL OR request.segment_set IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT value FROM json_each(:tags))
      GROUP BY set_id HAVING count(*) >= :needed))
GROUP BY request.state, request.verdict, request.score;

-- name: tally_in_detail
-- The same, apart for each channel, language and hour since the epoch.
SELECT request.channel, request.language, request.accepted_at / 3600000 AS hour,
       request.state, request.verdict, request.score, count(*) AS many
FROM survey CROSS JOIN request
WHERE survey.account = :account AND survey.deleted_at IS NULL AND (:survey IS NULL OR survey.id = :survey)
  AND request.survey = survey.id AND request.accepted_at BETWEEN :start AND :end
  AND (:channel IS NULL OR request.channel = :channel)
  AND (:tags IS NULL OR request.segment_set IN (
      SELECT set_id FROM segment WHERE tag IN (SELECT value FROM json_each(:tags))
      GROUP BY set_id HAVING count(*) >= :needed))
GROUP BY request.channel, request.language, hour, request.state, request.verdict, request.score;

-- name: first_moment
-- When the account's first request was accepted.
SELECT min((SELECT min(accepted_at) FROM request WHERE request.survey = survey.id)) AS moment
FROM survey WHERE account = :account AND deleted_at IS NULL;
