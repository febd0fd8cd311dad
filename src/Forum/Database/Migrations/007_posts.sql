-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE bookmarks (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL,
    name varchar(100),
    reminder_at timestamp,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    reminder_last_sent_at timestamp,
    reminder_set_at timestamp,
    auto_delete_preference integer DEFAULT 0 NOT NULL,
    pinned boolean DEFAULT false,
    bookmarkable_id integer,
    bookmarkable_type varchar
);
CREATE UNIQUE INDEX idx_bookmarks_user_polymorphic_unique ON bookmarks (user_id, bookmarkable_type, bookmarkable_id);
CREATE INDEX index_bookmarks_on_reminder_at ON bookmarks (reminder_at);
CREATE INDEX index_bookmarks_on_reminder_set_at ON bookmarks (reminder_set_at);
CREATE INDEX index_bookmarks_on_user_id ON bookmarks (user_id);

CREATE TABLE draft_sequences (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    draft_key varchar NOT NULL,
    sequence bigint NOT NULL
);
CREATE UNIQUE INDEX index_draft_sequences_on_user_id_and_draft_key ON draft_sequences (user_id, draft_key);

CREATE TABLE drafts (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    draft_key varchar NOT NULL,
    data text NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    sequence bigint DEFAULT 0 NOT NULL,
    revisions integer DEFAULT 1 NOT NULL,
    owner varchar
);
CREATE UNIQUE INDEX index_drafts_on_user_id_and_draft_key ON drafts (user_id, draft_key);

CREATE TABLE flags (
    id bigserial PRIMARY KEY,
    name varchar,
    name_key varchar,
    description text,
    notify_type boolean DEFAULT false NOT NULL,
    auto_action_type boolean DEFAULT false NOT NULL,
    applies_to varchar[] NOT NULL,
    position integer NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    score_type boolean DEFAULT false NOT NULL,
    require_message boolean DEFAULT false NOT NULL
);

CREATE TABLE given_daily_likes (
    user_id integer NOT NULL,
    likes_given integer NOT NULL,
    given_date date NOT NULL,
    limit_reached boolean DEFAULT false NOT NULL
);
CREATE INDEX index_given_daily_likes_on_limit_reached_and_user_id ON given_daily_likes (limit_reached, user_id);
CREATE UNIQUE INDEX index_given_daily_likes_on_user_id_and_given_date ON given_daily_likes (user_id, given_date);

CREATE TABLE incoming_emails (
    id serial PRIMARY KEY,
    user_id integer,
    topic_id integer,
    post_id integer,
    raw text,
    error text,
    message_id text,
    from_address text,
    to_addresses text,
    cc_addresses text,
    subject text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    rejection_message text,
    is_auto_generated boolean DEFAULT false,
    is_bounce boolean DEFAULT false NOT NULL,
    imap_uid_validity integer,
    imap_uid integer,
    imap_sync boolean,
    imap_group_id bigint,
    imap_missing boolean DEFAULT false NOT NULL,
    created_via integer DEFAULT 0 NOT NULL
);
CREATE INDEX index_incoming_emails_on_created_at ON incoming_emails (created_at);
CREATE INDEX index_incoming_emails_on_error ON incoming_emails (error);
CREATE INDEX index_incoming_emails_on_imap_group_id ON incoming_emails (imap_group_id);
CREATE INDEX index_incoming_emails_on_imap_sync ON incoming_emails (imap_sync);
CREATE INDEX index_incoming_emails_on_message_id ON incoming_emails (message_id);
CREATE INDEX index_incoming_emails_on_post_id ON incoming_emails (post_id);
CREATE INDEX index_incoming_emails_on_topic_id ON incoming_emails (topic_id);
CREATE INDEX index_incoming_emails_on_user_id ON incoming_emails (user_id) WHERE (user_id IS NOT NULL);

CREATE TABLE notifications (
    id serial PRIMARY KEY,
    notification_type integer NOT NULL,
    user_id integer NOT NULL,
    data varchar(1000) NOT NULL,
    read boolean DEFAULT false NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    topic_id integer,
    post_number integer,
    post_action_id integer,
    high_priority boolean DEFAULT false NOT NULL
);
CREATE INDEX idx_notifications_speedup_unread_count ON notifications (user_id, notification_type) WHERE (NOT read);
CREATE INDEX index_notifications_on_post_action_id ON notifications (post_action_id);
CREATE INDEX index_notifications_on_topic_id_and_post_number ON notifications (topic_id, post_number);
CREATE INDEX index_notifications_on_user_id_and_created_at ON notifications (user_id, created_at);
CREATE INDEX index_notifications_on_user_id_and_topic_id_and_post_number ON notifications (user_id, topic_id, post_number);
CREATE INDEX index_notifications_read_or_not_high_priority ON notifications (user_id, id DESC, read, topic_id) WHERE (read OR (high_priority = false));
CREATE UNIQUE INDEX index_notifications_unique_unread_high_priority ON notifications (user_id, id) WHERE ((NOT read) AND (high_priority = true));
CREATE INDEX index_notifications_user_menu_ordering ON notifications (user_id, ((high_priority AND (NOT read))) DESC, ((NOT read)) DESC, created_at DESC);
CREATE INDEX index_notifications_user_menu_ordering_deprioritized_likes ON notifications (user_id, ((high_priority AND (NOT read))) DESC, (((NOT read) AND (notification_type <> ALL (ARRAY[5, 19, 25])))) DESC, created_at DESC);

CREATE TABLE poll_options (
    id bigserial PRIMARY KEY,
    poll_id bigint,
    digest varchar NOT NULL,
    html text NOT NULL,
    anonymous_votes integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_poll_options_on_poll_id ON poll_options (poll_id);
CREATE UNIQUE INDEX index_poll_options_on_poll_id_and_digest ON poll_options (poll_id, digest);

CREATE TABLE poll_votes (
    poll_id bigint,
    poll_option_id bigint,
    user_id bigint,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    rank integer DEFAULT 0 NOT NULL
);
CREATE INDEX index_poll_votes_on_poll_id ON poll_votes (poll_id);
CREATE UNIQUE INDEX index_poll_votes_on_poll_id_and_poll_option_id_and_user_id ON poll_votes (poll_id, poll_option_id, user_id);
CREATE INDEX index_poll_votes_on_poll_option_id ON poll_votes (poll_option_id);
CREATE INDEX index_poll_votes_on_user_id ON poll_votes (user_id);

CREATE TABLE polls (
    id bigserial PRIMARY KEY,
    post_id bigint,
    name varchar DEFAULT 'poll' NOT NULL,
    close_at timestamp,
    type integer DEFAULT 0 NOT NULL,
    status integer DEFAULT 0 NOT NULL,
    results integer DEFAULT 0 NOT NULL,
    visibility integer DEFAULT 0 NOT NULL,
    min integer,
    max integer,
    step integer,
    anonymous_voters integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    chart_type integer DEFAULT 0 NOT NULL,
    groups varchar,
    title varchar
);
CREATE INDEX index_polls_on_post_id ON polls (post_id);
CREATE UNIQUE INDEX index_polls_on_post_id_and_name ON polls (post_id, name);

CREATE TABLE post_action_types (
    name_key varchar(50) NOT NULL,
    is_flag boolean DEFAULT false NOT NULL,
    icon varchar(20),
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    id serial PRIMARY KEY,
    position integer DEFAULT 0 NOT NULL,
    score_bonus float8 DEFAULT 0.0 NOT NULL,
    reviewable_priority integer DEFAULT 0 NOT NULL
);

CREATE TABLE post_actions (
    id serial PRIMARY KEY,
    post_id integer NOT NULL,
    user_id integer NOT NULL,
    post_action_type_id integer NOT NULL,
    deleted_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    deleted_by_id integer,
    related_post_id integer,
    staff_took_action boolean DEFAULT false NOT NULL,
    deferred_by_id integer,
    targets_topic boolean DEFAULT false NOT NULL,
    agreed_at timestamp,
    agreed_by_id integer,
    deferred_at timestamp,
    disagreed_at timestamp,
    disagreed_by_id integer
);
CREATE UNIQUE INDEX idx_unique_actions ON post_actions (user_id, post_action_type_id, post_id, targets_topic) WHERE ((deleted_at IS NULL) AND (disagreed_at IS NULL) AND (deferred_at IS NULL));
CREATE UNIQUE INDEX idx_unique_flags ON post_actions (user_id, post_id, targets_topic) WHERE ((deleted_at IS NULL) AND (disagreed_at IS NULL) AND (deferred_at IS NULL) AND (post_action_type_id = ANY (ARRAY[3, 4, 7, 8])));
CREATE INDEX index_post_actions_on_post_action_type_id_and_disagreed_at ON post_actions (post_action_type_id, disagreed_at) WHERE (disagreed_at IS NULL);
CREATE INDEX index_post_actions_on_post_id ON post_actions (post_id);
CREATE INDEX index_post_actions_on_user_id ON post_actions (user_id);
CREATE INDEX index_post_actions_on_user_id_and_post_action_type_id ON post_actions (user_id, post_action_type_id) WHERE (deleted_at IS NULL);

CREATE TABLE post_custom_fields (
    id serial PRIMARY KEY,
    post_id integer NOT NULL,
    name varchar(256) NOT NULL,
    value text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_post_custom_fields_on_name_and_value ON post_custom_fields (name, "left"(value, 200));
CREATE UNIQUE INDEX index_post_custom_fields_on_notice ON post_custom_fields (post_id) WHERE ((name) = 'notice');
CREATE UNIQUE INDEX index_post_custom_fields_on_post_id ON post_custom_fields (post_id) WHERE ((name) = 'missing uploads');
CREATE INDEX index_post_custom_fields_on_post_id_and_name ON post_custom_fields (post_id, name);
CREATE UNIQUE INDEX index_post_custom_fields_on_stalled_wiki_triggered_at ON post_custom_fields (post_id) WHERE ((name) = 'stalled_wiki_triggered_at');
CREATE UNIQUE INDEX index_post_id_where_missing_uploads_ignored ON post_custom_fields (post_id) WHERE ((name) = 'missing uploads ignored');

CREATE TABLE post_details (
    id serial PRIMARY KEY,
    post_id integer,
    key varchar,
    value varchar,
    extra text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_post_details_on_post_id_and_key ON post_details (post_id, key);

CREATE TABLE post_hotlinked_media (
    id bigserial PRIMARY KEY,
    post_id bigint NOT NULL,
    url varchar NOT NULL,
    status hotlinked_media_status NOT NULL,
    upload_id bigint,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_post_hotlinked_media_on_post_id_and_url_md5 ON post_hotlinked_media (post_id, md5((url)));

CREATE TABLE post_replies (
    post_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    reply_post_id integer
);
CREATE UNIQUE INDEX index_post_replies_on_post_id_and_reply_post_id ON post_replies (post_id, reply_post_id);
CREATE INDEX index_post_replies_on_reply_post_id ON post_replies (reply_post_id);

CREATE TABLE post_reply_keys (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    post_id integer NOT NULL,
    reply_key uuid NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_post_reply_keys_on_reply_key ON post_reply_keys (reply_key);
CREATE UNIQUE INDEX index_post_reply_keys_on_user_id_and_post_id ON post_reply_keys (user_id, post_id);

CREATE TABLE post_revisions (
    id serial PRIMARY KEY,
    user_id integer,
    post_id integer,
    modifications text,
    number integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    hidden boolean DEFAULT false NOT NULL
);
CREATE INDEX index_post_revisions_on_post_id ON post_revisions (post_id);
CREATE INDEX index_post_revisions_on_post_id_and_number ON post_revisions (post_id, number);
CREATE INDEX index_post_revisions_on_user_id ON post_revisions (user_id);

CREATE TABLE post_search_data (
    post_id integer NOT NULL,
    search_data tsvector,
    raw_data text,
    locale varchar,
    version integer DEFAULT 0,
    private_message boolean NOT NULL,
    CONSTRAINT posts_search_pkey PRIMARY KEY (post_id)
);
CREATE INDEX idx_search_post ON post_search_data USING gin (search_data);
CREATE INDEX index_post_search_data_on_post_id_and_version_and_locale ON post_search_data (post_id, version, locale);

CREATE TABLE post_stats (
    id serial PRIMARY KEY,
    post_id integer,
    drafts_saved integer,
    typing_duration_msecs integer,
    composer_open_duration_msecs integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_post_stats_on_post_id ON post_stats (post_id);

CREATE TABLE post_timings (
    topic_id integer NOT NULL,
    post_number integer NOT NULL,
    user_id integer NOT NULL,
    msecs integer NOT NULL
);
CREATE INDEX index_post_timings_on_user_id ON post_timings (user_id);
CREATE UNIQUE INDEX post_timings_unique ON post_timings (topic_id, post_number, user_id);

CREATE TABLE posts (
    id serial PRIMARY KEY,
    user_id integer,
    topic_id integer NOT NULL,
    post_number integer NOT NULL,
    raw text NOT NULL,
    cooked text NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    reply_to_post_number integer,
    reply_count integer DEFAULT 0 NOT NULL,
    quote_count integer DEFAULT 0 NOT NULL,
    deleted_at timestamp,
    off_topic_count integer DEFAULT 0 NOT NULL,
    like_count integer DEFAULT 0 NOT NULL,
    incoming_link_count integer DEFAULT 0 NOT NULL,
    bookmark_count integer DEFAULT 0 NOT NULL,
    score float8,
    reads integer DEFAULT 0 NOT NULL,
    post_type integer DEFAULT 1 NOT NULL,
    sort_order integer,
    last_editor_id integer,
    hidden boolean DEFAULT false NOT NULL,
    hidden_reason_id integer,
    notify_moderators_count integer DEFAULT 0 NOT NULL,
    spam_count integer DEFAULT 0 NOT NULL,
    illegal_count integer DEFAULT 0 NOT NULL,
    inappropriate_count integer DEFAULT 0 NOT NULL,
    last_version_at timestamp NOT NULL,
    user_deleted boolean DEFAULT false NOT NULL,
    reply_to_user_id integer,
    percent_rank float8 DEFAULT 1.0,
    notify_user_count integer DEFAULT 0 NOT NULL,
    like_score integer DEFAULT 0 NOT NULL,
    deleted_by_id integer,
    edit_reason varchar,
    word_count integer,
    version integer DEFAULT 1 NOT NULL,
    cook_method integer DEFAULT 1 NOT NULL,
    wiki boolean DEFAULT false NOT NULL,
    baked_at timestamp,
    baked_version integer,
    hidden_at timestamp,
    self_edits integer DEFAULT 0 NOT NULL,
    reply_quoted boolean DEFAULT false NOT NULL,
    via_email boolean DEFAULT false NOT NULL,
    raw_email text,
    public_version integer DEFAULT 1 NOT NULL,
    action_code varchar,
    locked_by_id integer,
    image_upload_id bigint,
    outbound_message_id varchar
);
CREATE INDEX idx_posts_created_at_topic_id ON posts (created_at, topic_id) WHERE (deleted_at IS NULL);
CREATE INDEX idx_posts_deleted_posts ON posts (topic_id, post_number) WHERE (deleted_at IS NOT NULL);
CREATE INDEX idx_posts_user_id_deleted_at ON posts (user_id) WHERE (deleted_at IS NULL);
CREATE INDEX index_for_rebake_old ON posts (id DESC) WHERE (((baked_version IS NULL) OR (baked_version < 2)) AND (deleted_at IS NULL));
CREATE INDEX index_posts_on_id_and_baked_version ON posts (id DESC, baked_version) WHERE (deleted_at IS NULL);
CREATE INDEX index_posts_on_id_topic_id_where_not_deleted_or_empty ON posts (id, topic_id) WHERE ((deleted_at IS NULL) AND (raw <> ''));
CREATE INDEX index_posts_on_image_upload_id ON posts (image_upload_id);
CREATE INDEX index_posts_on_topic_id_and_created_at ON posts (topic_id, created_at);
CREATE INDEX index_posts_on_topic_id_and_percent_rank ON posts (topic_id, percent_rank);
CREATE UNIQUE INDEX index_posts_on_topic_id_and_post_number ON posts (topic_id, post_number);
CREATE INDEX index_posts_on_topic_id_and_reply_to_post_number ON posts (topic_id, reply_to_post_number);
CREATE INDEX index_posts_on_topic_id_and_sort_order ON posts (topic_id, sort_order);
CREATE INDEX index_posts_on_user_id_and_created_at ON posts (user_id, created_at);
CREATE INDEX index_posts_user_and_likes ON posts (user_id, like_count DESC, created_at DESC) WHERE (post_number > 1);

CREATE TABLE quoted_posts (
    id serial PRIMARY KEY,
    post_id integer NOT NULL,
    quoted_post_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_quoted_posts_on_post_id_and_quoted_post_id ON quoted_posts (post_id, quoted_post_id);
CREATE UNIQUE INDEX index_quoted_posts_on_quoted_post_id_and_post_id ON quoted_posts (quoted_post_id, post_id);
