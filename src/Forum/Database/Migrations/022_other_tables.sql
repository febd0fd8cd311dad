-- Tables of Discourse v3.3.0 and its bundled plugins that this program does not use, so that Discourse can go on from a database that
-- was made here. In a database that has them nothing happens.

CREATE TABLE IF NOT EXISTS associated_groups (
    id bigserial PRIMARY KEY,
    name varchar NOT NULL,
    provider_name varchar NOT NULL,
    provider_id varchar NOT NULL,
    last_used timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS associated_groups_provider_id ON associated_groups (provider_name, provider_id);

CREATE TABLE IF NOT EXISTS backup_draft_posts (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    post_id integer NOT NULL,
    key varchar NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_backup_draft_posts_on_post_id ON backup_draft_posts (post_id);
CREATE UNIQUE INDEX IF NOT EXISTS index_backup_draft_posts_on_user_id_and_key ON backup_draft_posts (user_id, key);

CREATE TABLE IF NOT EXISTS backup_draft_topics (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    topic_id integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_backup_draft_topics_on_topic_id ON backup_draft_topics (topic_id);
CREATE UNIQUE INDEX IF NOT EXISTS index_backup_draft_topics_on_user_id ON backup_draft_topics (user_id);

CREATE TABLE IF NOT EXISTS chat_channel_archives (
    id bigserial PRIMARY KEY,
    chat_channel_id integer NOT NULL,
    archived_by_id integer NOT NULL,
    destination_topic_id integer,
    destination_topic_title varchar,
    destination_category_id integer,
    destination_tags varchar[],
    total_messages integer NOT NULL,
    archived_messages integer DEFAULT 0 NOT NULL,
    archive_error varchar,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX IF NOT EXISTS index_chat_channel_archives_on_chat_channel_id ON chat_channel_archives (chat_channel_id);

CREATE TABLE IF NOT EXISTS chat_channels (
    id bigserial PRIMARY KEY,
    chatable_id integer NOT NULL,
    deleted_at timestamp,
    deleted_by_id integer,
    featured_in_category_id integer,
    delete_after_seconds integer,
    chatable_type varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    name varchar,
    description text,
    status integer DEFAULT 0 NOT NULL,
    user_count integer DEFAULT 0 NOT NULL,
    auto_join_users boolean DEFAULT false NOT NULL,
    user_count_stale boolean DEFAULT false NOT NULL,
    type varchar,
    slug varchar,
    allow_channel_wide_mentions boolean DEFAULT true NOT NULL,
    messages_count integer DEFAULT 0 NOT NULL,
    threading_enabled boolean DEFAULT false NOT NULL,
    last_message_id bigint
);
CREATE INDEX IF NOT EXISTS index_chat_channels_on_chatable_id ON chat_channels (chatable_id);
CREATE INDEX IF NOT EXISTS index_chat_channels_on_chatable_id_and_chatable_type ON chat_channels (chatable_id, chatable_type);
CREATE INDEX IF NOT EXISTS index_chat_channels_on_last_message_id ON chat_channels (last_message_id);
CREATE INDEX IF NOT EXISTS index_chat_channels_on_messages_count ON chat_channels (messages_count);
CREATE UNIQUE INDEX IF NOT EXISTS index_chat_channels_on_slug ON chat_channels (slug) WHERE ((slug) <> '');
CREATE INDEX IF NOT EXISTS index_chat_channels_on_status ON chat_channels (status);

CREATE TABLE IF NOT EXISTS chat_drafts (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    chat_channel_id integer NOT NULL,
    data text NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    thread_id bigint
);

CREATE TABLE IF NOT EXISTS chat_mention_notifications (
    chat_mention_id integer NOT NULL,
    notification_id integer NOT NULL
);
CREATE INDEX IF NOT EXISTS index_chat_mention_notifications_on_chat_mention_id ON chat_mention_notifications (chat_mention_id);
CREATE UNIQUE INDEX IF NOT EXISTS index_chat_mention_notifications_on_notification_id ON chat_mention_notifications (notification_id);

CREATE TABLE IF NOT EXISTS chat_mentions (
    id bigserial PRIMARY KEY,
    chat_message_id integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    type varchar NOT NULL,
    target_id integer
);
CREATE INDEX IF NOT EXISTS index_chat_mentions_on_chat_message_id ON chat_mentions (chat_message_id);
CREATE INDEX IF NOT EXISTS index_chat_mentions_on_target_id ON chat_mentions (target_id);

CREATE TABLE IF NOT EXISTS chat_message_reactions (
    id bigserial PRIMARY KEY,
    chat_message_id integer,
    user_id integer,
    emoji varchar,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS chat_message_reactions_index ON chat_message_reactions (chat_message_id, user_id, emoji);

CREATE TABLE IF NOT EXISTS chat_message_revisions (
    id bigserial PRIMARY KEY,
    chat_message_id integer,
    old_message text NOT NULL,
    new_message text NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    user_id integer NOT NULL
);
CREATE INDEX IF NOT EXISTS index_chat_message_revisions_on_chat_message_id ON chat_message_revisions (chat_message_id);
CREATE INDEX IF NOT EXISTS index_chat_message_revisions_on_user_id ON chat_message_revisions (user_id);

CREATE TABLE IF NOT EXISTS chat_messages (
    id bigserial PRIMARY KEY,
    chat_channel_id integer NOT NULL,
    user_id integer,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    deleted_at timestamp,
    deleted_by_id integer,
    in_reply_to_id integer,
    message text,
    cooked text,
    cooked_version integer,
    last_editor_id integer NOT NULL,
    thread_id bigint,
    streaming boolean DEFAULT false NOT NULL,
    excerpt varchar(1000),
    created_by_sdk boolean DEFAULT false NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_chat_messages_by_created_at_not_deleted ON chat_messages (created_at) WHERE (deleted_at IS NULL);
CREATE INDEX IF NOT EXISTS idx_chat_messages_by_thread_id_not_deleted ON chat_messages (thread_id) WHERE (deleted_at IS NULL);
CREATE INDEX IF NOT EXISTS index_chat_messages_on_chat_channel_id_and_created_at ON chat_messages (chat_channel_id, created_at);
CREATE INDEX IF NOT EXISTS index_chat_messages_on_chat_channel_id_and_id ON chat_messages (chat_channel_id, id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX IF NOT EXISTS index_chat_messages_on_last_editor_id ON chat_messages (last_editor_id);
CREATE INDEX IF NOT EXISTS index_chat_messages_on_thread_id ON chat_messages (thread_id);

CREATE TABLE IF NOT EXISTS chat_threads (
    id bigserial PRIMARY KEY,
    channel_id bigint NOT NULL,
    original_message_id bigint NOT NULL,
    original_message_user_id bigint NOT NULL,
    status integer DEFAULT 0 NOT NULL,
    title varchar,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    replies_count integer DEFAULT 0 NOT NULL,
    last_message_id bigint,
    force boolean DEFAULT false NOT NULL
);
CREATE INDEX IF NOT EXISTS index_chat_threads_on_channel_id ON chat_threads (channel_id);
CREATE INDEX IF NOT EXISTS index_chat_threads_on_channel_id_and_status ON chat_threads (channel_id, status);
CREATE INDEX IF NOT EXISTS index_chat_threads_on_last_message_id ON chat_threads (last_message_id);
CREATE INDEX IF NOT EXISTS index_chat_threads_on_original_message_id ON chat_threads (original_message_id);
CREATE INDEX IF NOT EXISTS index_chat_threads_on_original_message_user_id ON chat_threads (original_message_user_id);
CREATE INDEX IF NOT EXISTS index_chat_threads_on_replies_count ON chat_threads (replies_count);
CREATE INDEX IF NOT EXISTS index_chat_threads_on_status ON chat_threads (status);

CREATE TABLE IF NOT EXISTS chat_webhook_events (
    id bigserial PRIMARY KEY,
    chat_message_id integer NOT NULL,
    incoming_chat_webhook_id integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS chat_webhook_events_index ON chat_webhook_events (chat_message_id, incoming_chat_webhook_id);

CREATE TABLE IF NOT EXISTS data_explorer_queries (
    id bigserial PRIMARY KEY,
    name varchar,
    description text,
    sql text DEFAULT 'SELECT 1' NOT NULL,
    user_id integer,
    last_run_at timestamp,
    hidden boolean DEFAULT false NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);

CREATE TABLE IF NOT EXISTS data_explorer_query_groups (
    id bigserial PRIMARY KEY,
    query_id integer,
    group_id integer
);
CREATE INDEX IF NOT EXISTS index_data_explorer_query_groups_on_group_id ON data_explorer_query_groups (group_id);
CREATE INDEX IF NOT EXISTS index_data_explorer_query_groups_on_query_id ON data_explorer_query_groups (query_id);
CREATE UNIQUE INDEX IF NOT EXISTS index_data_explorer_query_groups_on_query_id_and_group_id ON data_explorer_query_groups (query_id, group_id);

CREATE TABLE IF NOT EXISTS direct_message_channels (
    id bigserial PRIMARY KEY,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    "group" boolean DEFAULT false NOT NULL
);

CREATE TABLE IF NOT EXISTS direct_message_users (
    id bigserial PRIMARY KEY,
    direct_message_channel_id integer NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS direct_message_users_index ON direct_message_users (direct_message_channel_id, user_id);

CREATE TABLE IF NOT EXISTS discourse_automation_automations (
    id bigserial PRIMARY KEY,
    name varchar NOT NULL,
    script varchar NOT NULL,
    enabled boolean DEFAULT false NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    last_updated_by_id integer NOT NULL,
    trigger varchar
);

CREATE TABLE IF NOT EXISTS discourse_automation_fields (
    id bigserial PRIMARY KEY,
    automation_id integer NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    component varchar NOT NULL,
    name varchar NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    target varchar
);

CREATE TABLE IF NOT EXISTS discourse_automation_pending_automations (
    id bigserial PRIMARY KEY,
    automation_id integer NOT NULL,
    execute_at timestamp NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);

CREATE TABLE IF NOT EXISTS discourse_automation_pending_pms (
    id bigserial PRIMARY KEY,
    target_usernames varchar[],
    sender varchar,
    title varchar,
    raw varchar,
    automation_id integer NOT NULL,
    execute_at timestamp NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    prefers_encrypt boolean DEFAULT false NOT NULL
);

CREATE TABLE IF NOT EXISTS discourse_automation_user_global_notices (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    notice text NOT NULL,
    identifier varchar NOT NULL,
    level varchar DEFAULT 'info',
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS idx_discourse_automation_user_global_notices ON discourse_automation_user_global_notices (user_id, identifier);

CREATE TABLE IF NOT EXISTS discourse_templates_usage_count (
    id bigserial PRIMARY KEY,
    topic_id integer NOT NULL,
    usage_count integer DEFAULT 0 NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_discourse_templates_usage_count_on_topic_id ON discourse_templates_usage_count (topic_id);

CREATE TABLE IF NOT EXISTS gamification_leaderboards (
    id bigserial PRIMARY KEY,
    name varchar NOT NULL,
    from_date date,
    to_date date,
    for_category_id integer,
    created_by_id integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    visible_to_groups_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    included_groups_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    excluded_groups_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    default_period integer DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS index_gamification_leaderboards_on_name ON gamification_leaderboards (name);

CREATE TABLE IF NOT EXISTS gamification_score_events (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    date date NOT NULL,
    points integer NOT NULL,
    description text,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX IF NOT EXISTS index_gamification_score_events_on_date ON gamification_score_events (date);
CREATE INDEX IF NOT EXISTS index_gamification_score_events_on_user_id_and_date ON gamification_score_events (user_id, date);

CREATE TABLE IF NOT EXISTS gamification_scores (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    date date NOT NULL,
    score integer NOT NULL
);
CREATE INDEX IF NOT EXISTS index_gamification_scores_on_date ON gamification_scores (date);
CREATE UNIQUE INDEX IF NOT EXISTS index_gamification_scores_on_user_id_and_date ON gamification_scores (user_id, date);

CREATE TABLE IF NOT EXISTS group_associated_groups (
    id bigserial PRIMARY KEY,
    group_id bigint NOT NULL,
    associated_group_id bigint NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_group_associated_groups ON group_associated_groups (group_id, associated_group_id);
CREATE INDEX IF NOT EXISTS index_group_associated_groups_on_associated_group_id ON group_associated_groups (associated_group_id);
CREATE INDEX IF NOT EXISTS index_group_associated_groups_on_group_id ON group_associated_groups (group_id);

CREATE TABLE IF NOT EXISTS imap_sync_logs (
    id bigserial PRIMARY KEY,
    level integer NOT NULL,
    message varchar NOT NULL,
    group_id bigint,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX IF NOT EXISTS index_imap_sync_logs_on_group_id ON imap_sync_logs (group_id);
CREATE INDEX IF NOT EXISTS index_imap_sync_logs_on_level ON imap_sync_logs (level);

CREATE TABLE IF NOT EXISTS incoming_chat_webhooks (
    id bigserial PRIMARY KEY,
    name varchar NOT NULL,
    key varchar NOT NULL,
    chat_channel_id integer NOT NULL,
    username varchar,
    description varchar,
    emoji varchar,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX IF NOT EXISTS index_incoming_chat_webhooks_on_key_and_chat_channel_id ON incoming_chat_webhooks (key, chat_channel_id);

CREATE TABLE IF NOT EXISTS message_bus (
    id serial PRIMARY KEY,
    name varchar,
    context varchar,
    data text,
    created_at timestamp NOT NULL
);
CREATE INDEX IF NOT EXISTS index_message_bus_on_created_at ON message_bus (created_at);

CREATE TABLE IF NOT EXISTS oauth2_user_infos (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    uid varchar NOT NULL,
    provider varchar NOT NULL,
    email varchar,
    name varchar,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_oauth2_user_infos_on_uid_and_provider ON oauth2_user_infos (uid, provider);
CREATE INDEX IF NOT EXISTS index_oauth2_user_infos_on_user_id_and_provider ON oauth2_user_infos (user_id, provider);

CREATE TABLE IF NOT EXISTS theme_settings_migrations (
    id bigserial PRIMARY KEY,
    theme_id integer NOT NULL,
    theme_field_id integer NOT NULL,
    version integer NOT NULL,
    name varchar(150) NOT NULL,
    diff json NOT NULL,
    created_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_theme_settings_migrations_on_theme_field_id ON theme_settings_migrations (theme_field_id);
CREATE UNIQUE INDEX IF NOT EXISTS index_theme_settings_migrations_on_theme_id_and_version ON theme_settings_migrations (theme_id, version);

CREATE TABLE IF NOT EXISTS theme_svg_sprites (
    id bigserial PRIMARY KEY,
    theme_id integer NOT NULL,
    upload_id integer NOT NULL,
    sprite bytea NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_theme_svg_sprites_on_theme_id ON theme_svg_sprites (theme_id);

CREATE TABLE IF NOT EXISTS topic_groups (
    id bigserial PRIMARY KEY,
    group_id integer NOT NULL,
    topic_id integer NOT NULL,
    last_read_post_number integer DEFAULT 0 NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_topic_groups_on_group_id_and_topic_id ON topic_groups (group_id, topic_id);

CREATE TABLE IF NOT EXISTS user_associated_groups (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL,
    associated_group_id bigint NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS index_user_associated_groups ON user_associated_groups (user_id, associated_group_id);
CREATE INDEX IF NOT EXISTS index_user_associated_groups_on_associated_group_id ON user_associated_groups (associated_group_id);
CREATE INDEX IF NOT EXISTS index_user_associated_groups_on_user_id ON user_associated_groups (user_id);

CREATE TABLE IF NOT EXISTS user_chat_channel_memberships (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    chat_channel_id integer NOT NULL,
    last_read_message_id integer,
    following boolean DEFAULT false NOT NULL,
    muted boolean DEFAULT false NOT NULL,
    desktop_notification_level integer DEFAULT 1 NOT NULL,
    mobile_notification_level integer DEFAULT 1 NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    last_unread_mention_when_emailed_id integer,
    join_mode integer DEFAULT 0 NOT NULL,
    last_viewed_at timestamp(6) DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS user_chat_channel_memberships_index ON user_chat_channel_memberships (user_id, chat_channel_id, desktop_notification_level, mobile_notification_level, following);
CREATE UNIQUE INDEX IF NOT EXISTS user_chat_channel_unique_memberships ON user_chat_channel_memberships (user_id, chat_channel_id);

CREATE TABLE IF NOT EXISTS user_chat_thread_memberships (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    last_read_message_id bigint,
    notification_level integer DEFAULT 2 NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    thread_title_prompt_seen boolean DEFAULT false NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_user_chat_thread_memberships_on_thread_id_user_id ON user_chat_thread_memberships (thread_id, user_id);
CREATE UNIQUE INDEX IF NOT EXISTS user_chat_thread_unique_memberships ON user_chat_thread_memberships (user_id, thread_id);

CREATE TABLE IF NOT EXISTS user_open_ids (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    email varchar NOT NULL,
    url varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    active boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS index_user_open_ids_on_url ON user_open_ids (url);

DO $view$
BEGIN
    IF to_regclass('badge_posts') IS NULL THEN
        CREATE VIEW badge_posts AS
        SELECT
            p.id, p.user_id, p.topic_id, p.post_number, p.raw, p.cooked, p.created_at, p.updated_at, p.reply_to_post_number, p.reply_count,
            p.quote_count, p.deleted_at, p.off_topic_count, p.like_count, p.incoming_link_count, p.bookmark_count, p.score, p.reads, p.post_type,
            p.sort_order, p.last_editor_id, p.hidden, p.hidden_reason_id, p.notify_moderators_count, p.spam_count, p.illegal_count,
            p.inappropriate_count, p.last_version_at, p.user_deleted, p.reply_to_user_id, p.percent_rank, p.notify_user_count, p.like_score,
            p.deleted_by_id, p.edit_reason, p.word_count, p.version, p.cook_method, p.wiki, p.baked_at, p.baked_version, p.hidden_at, p.self_edits,
            p.reply_quoted, p.via_email, p.raw_email, p.public_version, p.action_code, p.locked_by_id, p.image_upload_id
        FROM ((posts p
          JOIN topics t ON ((t.id = p.topic_id)))
          JOIN categories c ON ((c.id = t.category_id)))
       WHERE (c.allow_badges AND (p.deleted_at IS NULL) AND (t.deleted_at IS NULL) AND (NOT c.read_restricted) AND t.visible AND (p.post_type = ANY (ARRAY[1, 2, 3])));
    END IF;
END
$view$;
