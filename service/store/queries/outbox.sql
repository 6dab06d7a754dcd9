-- What waits for a gateway, is on its way to it, or must be asked about.

-- name: due
-- What is due on a channel, oldest first, with what must be known to hand it over. A deleted survey's are never sent.
SELECT envelope.request, envelope.account, envelope.sealed, envelope.day, envelope.tries, envelope.closes_at,
       envelope.handed_at, request.language, question.body
FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
JOIN question ON question.id = request.question
WHERE envelope.channel = :channel AND envelope.due_at <= :now
  AND envelope.closes_at > :now AND envelope.sealed IS NOT NULL
ORDER BY envelope.due_at
LIMIT :limit;

-- name: lease
-- Nobody else takes these until the lease ends. A hand-over that may have succeeded before keeps its moment.
UPDATE envelope
SET due_at = :until, lease_until = :until, worker = :worker, tries = tries + 1,
    handed_at = coalesce(handed_at, :now)
WHERE request IN (SELECT substr(:ids, value * 16 + 1, 16) FROM json_each(:places));

-- name: void_leases
-- Of ours, and of everybody who was not seen since :alive: what they held is due again.
UPDATE envelope SET due_at = :now, lease_until = NULL
WHERE channel = :channel AND due_at IS NOT NULL AND lease_until IS NOT NULL
  AND (worker IS NULL OR worker = :worker OR worker NOT IN (SELECT id FROM worker WHERE seen_at > :alive));

-- name: leases
SELECT request FROM envelope WHERE channel = :channel AND worker = :worker AND lease_until IS NOT NULL;

-- name: anything_due
SELECT 1 FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
WHERE envelope.channel = :channel AND envelope.due_at <= :now
  AND envelope.closes_at > :now AND envelope.sealed IS NOT NULL
LIMIT 1;

-- name: next_due
-- The next moment at which something becomes due; a lease's end counts too.
SELECT due_at AS moment FROM envelope WHERE channel = :channel AND due_at > :now ORDER BY due_at LIMIT 1;

-- name: queued
-- How many wait for a channel's gateway.
SELECT count(*) AS many FROM envelope WHERE channel = :channel AND due_at IS NOT NULL;

-- name: hand
-- The gateway has these: their destinations are not needed any more, and their response windows run. :hands is an
-- array of [gateway's id, moment, when to ask about it], :ids their requests, 16 bytes each.
UPDATE envelope
SET due_at = NULL, lease_until = NULL, sealed = NULL,
    handed_at = coalesce(envelope.handed_at, one.value ->> 1),
    gateway_id = coalesce(one.value ->> 0, envelope.gateway_id),
    poll_at = coalesce(one.value ->> 2, envelope.poll_at),
    closes_at = coalesce(envelope.handed_at, one.value ->> 1) + :window
FROM json_each(:hands) AS one WHERE envelope.request = substr(:ids, one.key * 16 + 1, 16);

-- name: set_submitted
-- Unless something that came back has moved it further. :places is an array of 0, 1, 2, …
UPDATE request SET state = 2
WHERE id IN (SELECT substr(:ids, value * 16 + 1, 16) FROM json_each(:places)) AND state = 1;

-- name: reports_waiting
-- What reports said of messages before their ids were known, whose ids come now. :names is an array of them.
SELECT one.key AS place, early_report.event, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM json_each(:names) AS one
CROSS JOIN envelope ON envelope.request = substr(:ids, one.key * 16 + 1, 16)
CROSS JOIN early_report ON early_report.channel = envelope.channel
  AND early_report.gateway_id = one.value AND early_report.fingerprint = envelope.fingerprint
CROSS JOIN request ON request.id = envelope.request;

-- name: hold_requests
-- Where others may change them at this moment they are held, with their envelopes, in the order of their ids; here
-- there is nobody else.
UPDATE envelope SET worker = worker WHERE 0;

-- name: defer
-- Not now. `handed` = 0 when the gateway said so itself: then no reply can belong to this try. Unless another process
-- holds it meanwhile.
UPDATE envelope
SET due_at = :due_at, lease_until = NULL, handed_at = CASE WHEN :handed THEN handed_at ELSE NULL END
WHERE request = :request AND due_at IS NOT NULL AND worker = :worker;

-- name: drop_envelope
DELETE FROM envelope WHERE request = :request;

-- name: polls_due
-- What a gateway should be asked about, longest waiting first.
SELECT request, gateway_id, handed_at FROM envelope
WHERE channel = :channel AND poll_at <= :now AND gateway_id IS NOT NULL
ORDER BY poll_at LIMIT :limit;

-- name: poll_at
UPDATE envelope SET poll_at = :poll_at WHERE request = :request;

-- name: next_poll
SELECT min(poll_at) AS moment FROM envelope WHERE channel = :channel AND poll_at IS NOT NULL;

-- name: anything_out
-- Whether any message is out with people, so that reports and replies can come.
SELECT 1 FROM envelope INDEXED BY envelope_open
WHERE handed_at IS NOT NULL AND channel = :channel AND closes_at > :now LIMIT 1;
