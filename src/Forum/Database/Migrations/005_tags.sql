-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE tag_group_memberships (
    id serial PRIMARY KEY,
    tag_id integer NOT NULL,
    tag_group_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_tag_group_memberships_on_tag_group_id_and_tag_id ON tag_group_memberships (tag_group_id, tag_id);

CREATE TABLE tag_group_permissions (
    id bigserial PRIMARY KEY,
    tag_group_id bigint NOT NULL,
    group_id bigint NOT NULL,
    permission_type integer DEFAULT 1 NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_tag_group_permissions_on_group_id ON tag_group_permissions (group_id);
CREATE INDEX index_tag_group_permissions_on_tag_group_id ON tag_group_permissions (tag_group_id);

CREATE TABLE tag_groups (
    id serial PRIMARY KEY,
    name varchar(100) NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    parent_tag_id integer,
    one_per_topic boolean DEFAULT false
);

CREATE TABLE tag_search_data (
    tag_id serial PRIMARY KEY,
    search_data tsvector,
    raw_data text,
    locale text,
    version integer DEFAULT 0
);
CREATE INDEX idx_search_tag ON tag_search_data USING gin (search_data);

CREATE TABLE tag_users (
    id serial PRIMARY KEY,
    tag_id integer NOT NULL,
    user_id integer NOT NULL,
    notification_level integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX idx_tag_users_ix1 ON tag_users (user_id, tag_id, notification_level);
CREATE UNIQUE INDEX idx_tag_users_ix2 ON tag_users (tag_id, user_id, notification_level);

CREATE TABLE tags (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    pm_topic_count integer DEFAULT 0 NOT NULL,
    target_tag_id integer,
    description varchar(1000),
    public_topic_count integer DEFAULT 0 NOT NULL,
    staff_topic_count integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_tags_on_lower_name ON tags (lower((name)));
CREATE UNIQUE INDEX index_tags_on_name ON tags (name);

CREATE TABLE tags_web_hooks (
    web_hook_id bigint NOT NULL,
    tag_id bigint NOT NULL
);
CREATE UNIQUE INDEX web_hooks_tags ON tags_web_hooks (web_hook_id, tag_id);
