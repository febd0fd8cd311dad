-- Background work of this program; Discourse keeps its own in Redis.

CREATE TABLE IF NOT EXISTS forum_jobs (
    id bigserial PRIMARY KEY,
    name varchar NOT NULL,
    queue varchar NOT NULL DEFAULT 'default',
    arguments jsonb NOT NULL DEFAULT '{}',
    run_at timestamp NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    locked_until timestamp,
    error text,
    dead_at timestamp,
    created_at timestamp NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS index_forum_jobs_on_run_at ON forum_jobs (run_at) WHERE dead_at IS NULL;
CREATE INDEX IF NOT EXISTS index_forum_jobs_on_dead_at ON forum_jobs (dead_at) WHERE dead_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS forum_schedules (
    name varchar PRIMARY KEY,
    next_run_at timestamp NOT NULL,
    last_run_at timestamp,
    last_duration_ms integer,
    last_error text
);
