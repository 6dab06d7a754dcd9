-- What came back: reports and replies find their request here and change it.

-- name: open_by_request
SELECT envelope.request, envelope.account, envelope.fingerprint, envelope.due_at, envelope.handed_at,
       envelope.closes_at, envelope.poll_at, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
WHERE envelope.request = :request;

-- name: asked
-- What a person is asked by a request, and until when an answer counts (NULL: not any more).
SELECT question.body, request.language, envelope.closes_at
FROM request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
JOIN question ON question.id = request.question
LEFT JOIN envelope ON envelope.request = request.id
WHERE request.id = :request;

-- name: request_by_gateway_id
SELECT request FROM envelope WHERE gateway_id = :gateway_id AND channel = :channel;

-- name: requests_to_person
-- Of the requests that the gateway knows by an id, those that went to a person: ids come again after a while.
SELECT request FROM envelope
WHERE gateway_id = :gateway_id AND channel = :channel AND fingerprint = :fingerprint
ORDER BY handed_at DESC LIMIT 1;

-- name: being_handed_over
-- Whether a message to this person may be with the gateway under an id that we do not know yet.
SELECT 1 FROM envelope
WHERE fingerprint = :fingerprint AND channel = :channel AND handed_at IS NOT NULL AND due_at IS NOT NULL LIMIT 1;

-- name: keep_early_report
INSERT INTO early_report (channel, gateway_id, fingerprint, event, expires_at)
VALUES (:channel, :gateway_id, :fingerprint, :event, :expires_at)
ON CONFLICT (channel, gateway_id, fingerprint)
DO UPDATE SET event = excluded.event, expires_at = excluded.expires_at;

-- name: latest_handed
-- The open requests of a person on a channel, the latest hand-over first; ids are ordered by time and decide a tie.
SELECT envelope.request, envelope.account, envelope.fingerprint, envelope.due_at, envelope.handed_at,
       envelope.closes_at, envelope.poll_at, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM envelope
JOIN request ON request.id = envelope.request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
WHERE envelope.fingerprint = :fingerprint AND envelope.channel = :channel
  AND envelope.handed_at IS NOT NULL AND envelope.closes_at > :now
ORDER BY envelope.handed_at DESC, envelope.request DESC
LIMIT 1;

-- name: facts
-- Of one request, to change it: its roll-ups change with it.
SELECT survey, segment_set, channel, language, accepted_at, state, failed, verdict, score FROM request WHERE id = :request;

-- name: set_state
-- Between states that no report tells apart.
UPDATE request SET state = :state WHERE id = :request;

-- name: set_outcome
UPDATE request SET state = :state, failed = :failed, verdict = :verdict, score = :score WHERE id = :request;

-- name: opt_out
-- Outlives the contact interval, the survey and the request.
INSERT INTO contact (account, fingerprint, until, opted_out) VALUES (:account, :fingerprint, :now, 1)
ON CONFLICT (fingerprint, account) DO UPDATE SET opted_out = 1;

-- name: opt_out_everywhere
-- A STOP with no open request: whoever has written to this person is meant.
UPDATE contact SET opted_out = 1 WHERE fingerprint = :fingerprint;

-- name: take_reply
-- One row changed: this copy is the first.
INSERT INTO taken_reply (digest, expires_at) VALUES (:digest, :expires_at) ON CONFLICT (digest) DO NOTHING;
