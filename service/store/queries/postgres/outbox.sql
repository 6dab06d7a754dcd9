-- The outbox as PostgreSQL says it: parameters as in ../outbox.sql.

-- name: lease
UPDATE envelope
SET due_at = :until, lease_until = :until, worker = :worker, tries = tries + 1,
    handed_at = coalesce(handed_at, :now)
WHERE request = ANY (ARRAY(
    SELECT substr(:ids::bytea, (16 * value::int + 1), 16) FROM json_array_elements_text(:places::json)));

-- name: hand
UPDATE envelope
SET due_at = NULL, lease_until = NULL, sealed = NULL,
    handed_at = coalesce(envelope.handed_at, (one.value ->> 1)::bigint),
    gateway_id = coalesce(one.value ->> 0, envelope.gateway_id),
    poll_at = coalesce((one.value ->> 2)::bigint, envelope.poll_at),
    closes_at = coalesce(envelope.handed_at, (one.value ->> 1)::bigint) + :window
FROM json_array_elements(:hands::json) WITH ORDINALITY AS one (value, place)
WHERE envelope.request = substr(:ids::bytea, (16 * place - 15)::int, 16);

-- name: set_submitted
UPDATE request SET state = 2
WHERE id = ANY (ARRAY(
    SELECT substr(:ids::bytea, (16 * value::int + 1), 16) FROM json_array_elements_text(:places::json))) AND state = 1;

-- name: reports_waiting
SELECT one.place - 1 AS place, early_report.event, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM json_array_elements_text(:names::json) WITH ORDINALITY AS one (value, place)
JOIN envelope ON envelope.request = substr(:ids::bytea, (16 * place - 15)::int, 16)
CROSS JOIN LATERAL (
    SELECT event FROM early_report
    WHERE channel = envelope.channel AND gateway_id = one.value AND fingerprint = envelope.fingerprint
    LIMIT 1) AS early_report
JOIN request ON request.id = envelope.request
FOR UPDATE OF request;

-- name: hold_requests
SELECT envelope.request FROM envelope JOIN request ON request.id = envelope.request
WHERE envelope.request = ANY (ARRAY(
    SELECT substr(:ids::bytea, (16 * value::int + 1), 16) FROM json_array_elements_text(:places::json)))
ORDER BY envelope.request
FOR UPDATE OF envelope, request;

-- name: void_leases
-- Found by the index of leases, not by that of the whole queue; held in the order of their ids, as everywhere; and
-- looked at again, since others may have been waited for.
WITH void AS MATERIALIZED (
         SELECT request FROM envelope
         WHERE channel = :channel AND lease_until IS NOT NULL
           AND (worker IS NULL OR worker = :worker OR worker NOT IN (SELECT id FROM worker WHERE seen_at > :alive))),
     held AS MATERIALIZED (
         SELECT request FROM envelope WHERE request IN (SELECT request FROM void) ORDER BY request FOR UPDATE)
UPDATE envelope SET due_at = :now, lease_until = NULL
WHERE request = ANY (ARRAY(SELECT request FROM held)) AND due_at IS NOT NULL AND lease_until IS NOT NULL;
