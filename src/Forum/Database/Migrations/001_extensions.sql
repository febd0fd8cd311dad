CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE TYPE hotlinked_media_status AS ENUM ('downloaded', 'too_large', 'download_failed', 'upload_create_failed');

CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
CREATE TABLE ar_internal_metadata (
    key varchar PRIMARY KEY,
    value varchar,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE TABLE schema_migration_details (
    id serial PRIMARY KEY,
    version varchar NOT NULL,
    name varchar,
    hostname varchar,
    git_version varchar,
    rails_version varchar,
    duration integer,
    direction varchar,
    created_at timestamp NOT NULL
);
CREATE INDEX index_schema_migration_details_on_version ON schema_migration_details (version);
