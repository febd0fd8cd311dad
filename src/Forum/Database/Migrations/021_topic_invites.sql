-- Which topics an invitation leads to.

CREATE TABLE IF NOT EXISTS topic_invites (
    id serial PRIMARY KEY,
    topic_id integer NOT NULL,
    invite_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX IF NOT EXISTS index_topic_invites_on_invite_id ON topic_invites (invite_id);
CREATE UNIQUE INDEX IF NOT EXISTS index_topic_invites_on_topic_id_and_invite_id ON topic_invites (topic_id, invite_id);
