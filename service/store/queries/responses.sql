-- What came back: reports and replies find their requests here and change them, many at once.
-- Lists travel as JSON arrays, and what is bytes in one piece beside them, in the same order: ids of requests are
-- 16 bytes each, fingerprints and digests 32. :places is an array of 0, 1, 2, …

-- name: open_requests
-- Those of many that are open, by their ids.
SELECT envelope.request, envelope.account, envelope.fingerprint, envelope.due_at, envelope.handed_at, envelope.gateway_id,
       envelope.closes_at, envelope.poll_at, request.survey, request.segment_set, request.channel, request.language,
       request.accepted_at, request.state, request.failed, request.verdict, request.score
FROM json_each(:places) AS one
CROSS JOIN envelope ON envelope.request = substr(:ids, one.value * 16 + 1, 16)
CROSS JOIN request ON request.id = envelope.request
CROSS JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL;

-- name: asked
-- What a person is asked by a request, and until when an answer counts (NULL: not any more).
SELECT question.body, request.language, envelope.closes_at
FROM request
JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
JOIN question ON question.id = request.question
LEFT JOIN envelope ON envelope.request = request.id
WHERE request.id = :request;

-- name: latest_handed
-- Of each person's open requests on a channel the latest hand-over; ids are ordered by time and decide a tie.
-- :asked is an array of [channel, moment].
SELECT one.key AS place, (
    SELECT envelope.request
    FROM envelope
    JOIN request ON request.id = envelope.request
    JOIN survey ON survey.id = request.survey AND survey.deleted_at IS NULL
    WHERE envelope.fingerprint = substr(:people, one.key * 32 + 1, 32) AND envelope.channel = one.value ->> 0
      AND envelope.handed_at IS NOT NULL AND envelope.closes_at > one.value ->> 1
    ORDER BY envelope.handed_at DESC, envelope.request DESC LIMIT 1) AS request
FROM json_each(:asked) AS one;

-- name: requests_by_gateway_ids
-- :ids is an array of [channel, gateway's id].
SELECT one.key AS place, (
    SELECT request FROM envelope WHERE gateway_id = one.value ->> 1 AND channel = one.value ->> 0
    ORDER BY handed_at DESC, request DESC LIMIT 1) AS request
FROM json_each(:ids) AS one;

-- name: requests_to_people
-- Of the requests that the gateway knows by an id, those that went to a person: ids come again after a while.
SELECT one.key AS place, (
    SELECT request FROM envelope
    WHERE gateway_id = one.value ->> 1 AND channel = one.value ->> 0
      AND fingerprint = substr(:people, one.key * 32 + 1, 32)
    ORDER BY handed_at DESC, request DESC LIMIT 1) AS request
FROM json_each(:ids) AS one;

-- name: being_handed_over
-- To whom of these people a message may be with the gateway under an id that we do not know yet. :channels is an array.
SELECT envelope.request, envelope.channel, envelope.fingerprint
FROM json_each(:channels) AS one
CROSS JOIN envelope ON envelope.fingerprint = substr(:people, one.key * 32 + 1, 32) AND envelope.channel = one.value
WHERE envelope.handed_at IS NOT NULL AND envelope.due_at IS NOT NULL;

-- name: early_reports
-- What reports said of messages before their ids were known. :ids is an array of [channel, gateway's id].
SELECT one.key AS place, early_report.event
FROM json_each(:ids) AS one
CROSS JOIN early_report ON early_report.channel = one.value ->> 0 AND early_report.gateway_id = one.value ->> 1
  AND early_report.fingerprint = substr(:people, one.key * 32 + 1, 32);

-- name: keep_early_reports
-- :reports is an array of [channel, gateway's id, event, until when].
INSERT INTO early_report (channel, gateway_id, fingerprint, event, expires_at)
SELECT value ->> 0, value ->> 1, substr(:people, key * 32 + 1, 32), value ->> 2, value ->> 3
FROM json_each(:reports) WHERE true
ON CONFLICT (channel, gateway_id, fingerprint)
DO UPDATE SET event = excluded.event, expires_at = excluded.expires_at;

-- name: facts
-- Of one request, to change it: its roll-ups change with it.
SELECT survey, segment_set, channel, language, accepted_at, state, failed, verdict, score FROM request WHERE id = :request;

-- name: set_state
-- Between states that no report tells apart.
UPDATE request SET state = :state WHERE id = :request;

-- name: set_outcome
UPDATE request SET state = :state, failed = :failed, verdict = :verdict, score = :score WHERE id = :request;

-- name: set_states
-- As above, of many. :states is an array.
UPDATE request SET state = one.value
FROM json_each(:states) AS one WHERE request.id = substr(:ids, one.key * 16 + 1, 16);

-- name: set_outcomes
-- :outcomes is an array of [state, failed, verdict, score].
UPDATE request SET state = one.value ->> 0, failed = one.value ->> 1, verdict = one.value ->> 2, score = one.value ->> 3
FROM json_each(:outcomes) AS one WHERE request.id = substr(:ids, one.key * 16 + 1, 16);

-- name: drop_envelopes
DELETE FROM envelope WHERE request IN (SELECT substr(:ids, value * 16 + 1, 16) FROM json_each(:places));

-- name: ask_no_more
UPDATE envelope SET poll_at = NULL WHERE request IN (SELECT substr(:ids, value * 16 + 1, 16) FROM json_each(:places));

-- name: opt_out
-- Outlives the contact interval, the survey and the request.
INSERT INTO contact (account, fingerprint, until, opted_out) VALUES (:account, :fingerprint, :now, 1)
ON CONFLICT (fingerprint, account) DO UPDATE SET opted_out = 1;

-- name: opt_out_everywhere
-- A STOP with no open request: whoever has written to this person is meant.
UPDATE contact SET opted_out = 1 WHERE fingerprint = :fingerprint;

-- name: take_replies
-- Those come back of which this copy is the first. :ends is an array of moments.
INSERT INTO taken_reply (digest, expires_at)
SELECT substr(:digests, key * 32 + 1, 32), value FROM json_each(:ends) WHERE true
ON CONFLICT (digest) DO NOTHING RETURNING digest;
