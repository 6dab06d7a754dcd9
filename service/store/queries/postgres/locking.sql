-- Where several processes share a database: rows that will change are held until the transaction ends.

-- name: facts
SELECT survey, segment_set, channel, language, accepted_at, state, failed, verdict, score
FROM request WHERE id = :request FOR UPDATE;

-- name: open_by_request
SELECT envelope.request, envelope.account, envelope.fingerprint, envelope.due_at, envelope.handed_at,
       envelope.closes_at, envelope.poll_at, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
WHERE envelope.request = :request
FOR UPDATE OF envelope, request;

-- name: latest_handed
-- What another process has closed by the time it is ours is passed over.
SELECT envelope.request, envelope.account, envelope.fingerprint, envelope.due_at, envelope.handed_at,
       envelope.closes_at, envelope.poll_at, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
WHERE envelope.fingerprint = :fingerprint AND envelope.channel = :channel
  AND envelope.handed_at IS NOT NULL AND envelope.closes_at > :now
ORDER BY envelope.handed_at DESC, envelope.request DESC
LIMIT 1
FOR UPDATE OF envelope, request;

-- name: being_handed_over
-- Held, so that whoever learns the id of one of them sees the report that waits for it.
SELECT request FROM envelope
WHERE fingerprint = :fingerprint AND channel = :channel AND handed_at IS NOT NULL AND due_at IS NOT NULL
FOR UPDATE;

-- name: due
-- What another process is leasing at this moment is passed over.
SELECT envelope.request, envelope.account, envelope.sealed, envelope.day, envelope.tries, envelope.closes_at,
       envelope.handed_at, request.language, question.body
FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
JOIN question ON question.id = request.question
WHERE envelope.channel = :channel AND envelope.due_at <= :now
  AND envelope.closes_at > :now AND envelope.sealed IS NOT NULL
ORDER BY envelope.due_at
LIMIT :limit
FOR UPDATE OF envelope SKIP LOCKED;

-- name: expired
SELECT envelope.request, envelope.due_at, request.state, request.survey, request.segment_set, request.channel,
       request.language, request.accepted_at, request.failed, request.verdict, request.score
FROM envelope JOIN request ON request.id = envelope.request
WHERE envelope.closes_at <= :now AND (envelope.lease_until IS NULL OR envelope.lease_until <= :now)
ORDER BY envelope.closes_at LIMIT :limit
FOR UPDATE OF envelope, request SKIP LOCKED;

-- name: anything_out
SELECT 1 AS found FROM envelope
WHERE handed_at IS NOT NULL AND channel = :channel AND closes_at > :now LIMIT 1;

-- name: data_key
-- Held, so that no sweep destroys it before what is sealed with it is there to be seen.
SELECT wrapped FROM data_key WHERE day = :day FOR KEY SHARE;

-- name: hold_data_keys
-- Waits for everybody who is sealing with one.
SELECT day FROM data_key FOR UPDATE;
