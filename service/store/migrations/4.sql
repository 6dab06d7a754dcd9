-- A person is found by the fingerprint first: one index over all people in place of two, which are the only ones that
-- no order of time keeps together.

DROP INDEX contact_by_end;
ALTER TABLE contact RENAME TO contact_of_3;
CREATE TABLE contact (
    account      INTEGER NOT NULL,
    fingerprint  BLOB NOT NULL,
    until        INTEGER NOT NULL,
    opted_out    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (fingerprint, account)
) WITHOUT ROWID;
INSERT INTO contact (account, fingerprint, until, opted_out)
SELECT account, fingerprint, until, opted_out FROM contact_of_3 ORDER BY fingerprint;
DROP TABLE contact_of_3;
CREATE INDEX contact_by_end ON contact (until) WHERE opted_out = 0;

UPDATE schema_version SET version = 4;
