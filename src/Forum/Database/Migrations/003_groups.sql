-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE group_archived_messages (
    id serial PRIMARY KEY,
    group_id integer NOT NULL,
    topic_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_group_archived_messages_on_group_id_and_topic_id ON group_archived_messages (group_id, topic_id);

CREATE TABLE group_category_notification_defaults (
    id bigserial PRIMARY KEY,
    group_id integer NOT NULL,
    category_id integer NOT NULL,
    notification_level integer NOT NULL
);
CREATE UNIQUE INDEX idx_group_category_notification_defaults_unique ON group_category_notification_defaults (group_id, category_id);

CREATE TABLE group_custom_fields (
    id serial PRIMARY KEY,
    group_id integer NOT NULL,
    name varchar(256) NOT NULL,
    value text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_group_custom_fields_on_group_id_and_name ON group_custom_fields (group_id, name);

CREATE TABLE group_histories (
    id serial PRIMARY KEY,
    group_id integer NOT NULL,
    acting_user_id integer NOT NULL,
    target_user_id integer,
    action integer NOT NULL,
    subject varchar,
    prev_value text,
    new_value text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_group_histories_on_acting_user_id ON group_histories (acting_user_id);
CREATE INDEX index_group_histories_on_action ON group_histories (action);
CREATE INDEX index_group_histories_on_group_id ON group_histories (group_id);
CREATE INDEX index_group_histories_on_target_user_id ON group_histories (target_user_id);

CREATE TABLE group_mentions (
    id serial PRIMARY KEY,
    post_id integer,
    group_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_group_mentions_on_group_id_and_post_id ON group_mentions (group_id, post_id);
CREATE UNIQUE INDEX index_group_mentions_on_post_id_and_group_id ON group_mentions (post_id, group_id);

CREATE TABLE group_requests (
    id bigserial PRIMARY KEY,
    group_id integer,
    user_id integer,
    reason text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_group_requests_on_group_id ON group_requests (group_id);
CREATE UNIQUE INDEX index_group_requests_on_group_id_and_user_id ON group_requests (group_id, user_id);
CREATE INDEX index_group_requests_on_user_id ON group_requests (user_id);

CREATE TABLE group_tag_notification_defaults (
    id bigserial PRIMARY KEY,
    group_id integer NOT NULL,
    tag_id integer NOT NULL,
    notification_level integer NOT NULL
);
CREATE UNIQUE INDEX idx_group_tag_notification_defaults_unique ON group_tag_notification_defaults (group_id, tag_id);

CREATE TABLE group_users (
    id serial PRIMARY KEY,
    group_id integer NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    owner boolean DEFAULT false NOT NULL,
    notification_level integer DEFAULT 2 NOT NULL,
    first_unread_pm_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX index_group_users_on_group_id_and_user_id ON group_users (group_id, user_id);
CREATE UNIQUE INDEX index_group_users_on_user_id_and_group_id ON group_users (user_id, group_id);

CREATE TABLE groups (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    automatic boolean DEFAULT false NOT NULL,
    user_count integer DEFAULT 0 NOT NULL,
    automatic_membership_email_domains text,
    primary_group boolean DEFAULT false NOT NULL,
    title varchar,
    grant_trust_level integer,
    incoming_email varchar,
    has_messages boolean DEFAULT false NOT NULL,
    flair_bg_color varchar,
    flair_color varchar,
    bio_raw text,
    bio_cooked text,
    allow_membership_requests boolean DEFAULT false NOT NULL,
    full_name varchar,
    default_notification_level integer DEFAULT 3 NOT NULL,
    visibility_level integer DEFAULT 0 NOT NULL,
    public_exit boolean DEFAULT false NOT NULL,
    public_admission boolean DEFAULT false NOT NULL,
    membership_request_template text,
    messageable_level integer DEFAULT 0,
    mentionable_level integer DEFAULT 0,
    smtp_server varchar,
    smtp_port integer,
    imap_server varchar,
    imap_port integer,
    imap_ssl boolean,
    imap_mailbox_name varchar DEFAULT '' NOT NULL,
    imap_uid_validity integer DEFAULT 0 NOT NULL,
    imap_last_uid integer DEFAULT 0 NOT NULL,
    email_username varchar,
    email_password varchar,
    publish_read_state boolean DEFAULT false NOT NULL,
    members_visibility_level integer DEFAULT 0 NOT NULL,
    imap_last_error text,
    imap_old_emails integer,
    imap_new_emails integer,
    flair_icon varchar,
    flair_upload_id integer,
    allow_unknown_sender_topic_replies boolean DEFAULT false NOT NULL,
    smtp_enabled boolean DEFAULT false,
    smtp_updated_at timestamp,
    smtp_updated_by_id integer,
    imap_enabled boolean DEFAULT false,
    imap_updated_at timestamp,
    imap_updated_by_id integer,
    email_from_alias varchar,
    smtp_ssl_mode integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_groups_on_incoming_email ON groups (incoming_email);
CREATE UNIQUE INDEX index_groups_on_name ON groups (name);

CREATE TABLE groups_web_hooks (
    web_hook_id integer NOT NULL,
    group_id integer NOT NULL
);
CREATE UNIQUE INDEX index_groups_web_hooks_on_web_hook_id_and_group_id ON groups_web_hooks (web_hook_id, group_id);
