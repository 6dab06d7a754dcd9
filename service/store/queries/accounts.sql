-- Accounts, their clients, and bearer tokens. Secrets and tokens are kept as hashes only.

-- name: create_account
INSERT INTO account (name, created_at) VALUES (:name, :now) RETURNING id;

-- name: create_client
INSERT INTO client (id, account, secret, salt, created_at) VALUES (:id, :account, :secret, :salt, :now)
ON CONFLICT (id) DO NOTHING;

-- name: client
SELECT id, account, secret, salt, revoked_at FROM client WHERE id = :id;

-- name: accounts
SELECT account.id, account.name, account.created_at, client.id AS client, client.revoked_at
FROM account LEFT JOIN client ON client.account = account.id
ORDER BY account.id, client.created_at, client.id;

-- name: account_exists
SELECT 1 FROM account WHERE id = :account;

-- name: revoke_client
UPDATE client SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL;

-- name: drop_tokens_of_client
DELETE FROM token WHERE client = :id;

-- name: create_token
INSERT INTO token (digest, account, client, expires_at) VALUES (:digest, :account, :client, :expires_at);

-- name: token
SELECT account, client, expires_at FROM token WHERE digest = :digest AND expires_at > :wall;

-- name: drop_token
DELETE FROM token WHERE digest = :digest;

-- name: drop_expired_tokens
DELETE FROM token WHERE digest IN (SELECT digest FROM token WHERE expires_at <= :wall LIMIT :limit);
