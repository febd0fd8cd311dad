-- Up to which notification mails were sent; a forum that is taken over begins with its newest.

CREATE TABLE IF NOT EXISTS forum_cursors (
    name varchar PRIMARY KEY,
    value bigint NOT NULL
);
INSERT INTO forum_cursors (name, value)
SELECT c.name, coalesce((SELECT max(id) FROM notifications), 0)
FROM (VALUES ('mail_of_messages'), ('mail_of_notifications')) AS c (name)
ON CONFLICT DO NOTHING;
