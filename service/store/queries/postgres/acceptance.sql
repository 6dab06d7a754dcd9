-- Accepting requests as PostgreSQL says it: parameters as in ../acceptance.sql.

-- name: claim
INSERT INTO contact (account, fingerprint, until)
SELECT (value ->> 0)::bigint, substr(:people::bytea, (32 * place - 31)::int, 32), (value ->> 1)::bigint
FROM jsonb_array_elements(:claims::jsonb) WITH ORDINALITY AS claimed (value, place)
ON CONFLICT (fingerprint, account) DO UPDATE SET until = excluded.until
WHERE contact.until <= excluded.until - :interval AND contact.opted_out = 0
RETURNING account, fingerprint;

-- name: contacts
SELECT contact.account, contact.fingerprint, contact.until, contact.opted_out
FROM jsonb_array_elements_text(:accounts::jsonb) WITH ORDINALITY AS one (value, place)
JOIN contact ON contact.account = one.value::bigint
            AND contact.fingerprint = substr(:people::bytea, (32 * place - 31)::int, 32);

-- name: create_requests
INSERT INTO request (id, survey, question, language, channel, segment_set, accepted_at, state)
SELECT substr(:ids::bytea, (16 * place - 15)::int, 16), (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2,
       value ->> 3, (value ->> 4)::bigint, (value ->> 5)::bigint, 1
FROM jsonb_array_elements(:requests::jsonb) WITH ORDINALITY AS made (value, place);

-- name: create_envelopes
INSERT INTO envelope (request, fingerprint, account, channel, day, due_at, closes_at, sealed)
SELECT substr(:ids::bytea, (16 * place - 15)::int, 16), substr(:fingerprints::bytea, (32 * place - 31)::int, 32),
       (value ->> 0)::bigint, value ->> 1, (value ->> 2)::bigint, (value ->> 3)::bigint, (value ->> 4)::bigint,
       substr(:sealed::bytea, (value ->> 5)::int, (value ->> 6)::int)
FROM jsonb_array_elements(:envelopes::jsonb) WITH ORDINALITY AS made (value, place);
