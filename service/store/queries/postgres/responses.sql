-- What came back, as PostgreSQL says it: parameters as in ../responses.sql. Rows that will change are locked, always in
-- the order of their ids, so that two processes never wait for each other in a circle.

-- name: open_requests
-- What another process has closed by the time it is ours is passed over.
SELECT envelope.request, envelope.account, envelope.fingerprint, envelope.due_at, envelope.handed_at, envelope.gateway_id,
       envelope.closes_at, envelope.poll_at, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
WHERE envelope.request = ANY (ARRAY(
    SELECT substr(:ids::bytea, (16 * value::int + 1), 16) FROM json_array_elements_text(:places::json)))
ORDER BY envelope.request
FOR UPDATE OF envelope, request;

-- name: latest_handed
SELECT one.place - 1 AS place, (
    SELECT envelope.request
    FROM envelope
    JOIN request ON request.id = envelope.request
    JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
    WHERE envelope.fingerprint = substr(:people::bytea, (32 * one.place - 31)::int, 32)
      AND envelope.channel = one.value ->> 0
      AND envelope.handed_at IS NOT NULL AND envelope.closes_at > (one.value ->> 1)::bigint
    ORDER BY envelope.handed_at DESC, envelope.request DESC LIMIT 1) AS request
FROM json_array_elements(:asked::json) WITH ORDINALITY AS one (value, place);

-- name: requests_by_gateway_ids
SELECT one.place - 1 AS place, (
    SELECT request FROM envelope WHERE gateway_id = one.value ->> 1 AND channel = one.value ->> 0
    ORDER BY handed_at DESC NULLS LAST, request DESC LIMIT 1) AS request
FROM json_array_elements(:ids::json) WITH ORDINALITY AS one (value, place);

-- name: requests_to_people
SELECT one.place - 1 AS place, (
    SELECT request FROM envelope
    WHERE gateway_id = one.value ->> 1 AND channel = one.value ->> 0
      AND fingerprint = substr(:people::bytea, (32 * one.place - 31)::int, 32)
    ORDER BY handed_at DESC NULLS LAST, request DESC LIMIT 1) AS request
FROM json_array_elements(:ids::json) WITH ORDINALITY AS one (value, place);

-- name: being_handed_over
SELECT envelope.request, envelope.channel, envelope.fingerprint
FROM envelope
WHERE envelope.fingerprint = ANY (ARRAY(
          SELECT substr(:people::bytea, (32 * place - 31)::int, 32)
          FROM json_array_elements_text(:channels::json) WITH ORDINALITY AS one (value, place)))
  AND envelope.handed_at IS NOT NULL AND envelope.due_at IS NOT NULL;

-- name: early_reports
SELECT one.place - 1 AS place, early_report.event
FROM json_array_elements(:ids::json) WITH ORDINALITY AS one (value, place)
JOIN early_report ON early_report.channel = one.value ->> 0 AND early_report.gateway_id = one.value ->> 1
  AND early_report.fingerprint = substr(:people::bytea, (32 * place - 31)::int, 32);

-- name: keep_early_reports
INSERT INTO early_report (channel, gateway_id, fingerprint, event, expires_at)
SELECT value ->> 0, value ->> 1, substr(:people::bytea, (32 * place - 31)::int, 32), value ->> 2, (value ->> 3)::bigint
FROM json_array_elements(:reports::json) WITH ORDINALITY AS one (value, place)
ON CONFLICT (channel, gateway_id, fingerprint)
DO UPDATE SET event = excluded.event, expires_at = excluded.expires_at;

-- name: set_states
UPDATE request SET state = one.value::bigint
FROM json_array_elements_text(:states::json) WITH ORDINALITY AS one (value, place)
WHERE request.id = substr(:ids::bytea, (16 * place - 15)::int, 16);

-- name: set_outcomes
UPDATE request SET state = (one.value ->> 0)::bigint, failed = (one.value ->> 1)::bigint, verdict = one.value ->> 2,
       score = (one.value ->> 3)::bigint
FROM json_array_elements(:outcomes::json) WITH ORDINALITY AS one (value, place)
WHERE request.id = substr(:ids::bytea, (16 * place - 15)::int, 16);

-- name: drop_envelopes
DELETE FROM envelope WHERE request = ANY (ARRAY(
    SELECT substr(:ids::bytea, (16 * value::int + 1), 16) FROM json_array_elements_text(:places::json)));

-- name: ask_no_more
UPDATE envelope SET poll_at = NULL WHERE request = ANY (ARRAY(
    SELECT substr(:ids::bytea, (16 * value::int + 1), 16) FROM json_array_elements_text(:places::json)));

-- name: take_replies
INSERT INTO taken_reply (digest, expires_at)
SELECT substr(:digests::bytea, (32 * place - 31)::int, 32), value::bigint
FROM json_array_elements_text(:ends::json) WITH ORDINALITY AS one (value, place)
ON CONFLICT (digest) DO NOTHING RETURNING digest;
