-- Surveys and their questions. A deleted survey is gone for every query here.

-- name: create_survey
INSERT INTO survey (account, name, interaction_type) VALUES (:account, :name, :interaction_type) RETURNING id;

-- name: create_question
-- No row comes back when the survey has a question in this language already.
INSERT INTO question (survey, language, language_key, body)
VALUES (:survey, :language, :language_key, :body)
ON CONFLICT (survey, language_key) DO NOTHING
RETURNING id;

-- name: surveys
-- An account's surveys, newest first, one row for each question in the order they were made.
SELECT survey.id, survey.name, survey.interaction_type, question.id AS question, question.language, question.body
FROM survey JOIN question ON question.survey = survey.id
WHERE survey.account = :account AND survey.deleted_at IS NULL
ORDER BY survey.id DESC, question.id;

-- name: survey
SELECT survey.id, survey.name, survey.interaction_type, question.id AS question, question.language, question.body
FROM survey JOIN question ON question.survey = survey.id
WHERE survey.id = :survey AND survey.account = :account AND survey.deleted_at IS NULL
ORDER BY question.id;

-- name: owns_survey
SELECT 1 FROM survey WHERE id = :survey AND account = :account AND deleted_at IS NULL;

-- name: delete_survey
-- Gone for everybody at once; what belongs to it follows in slices (closing.sql), also after a crash.
UPDATE survey SET deleted_at = :now WHERE id = :survey AND account = :account AND deleted_at IS NULL;
