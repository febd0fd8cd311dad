-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE allowed_pm_users (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    allowed_pm_user_id integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_allowed_pm_users_on_allowed_pm_user_id_and_user_id ON allowed_pm_users (allowed_pm_user_id, user_id);
CREATE UNIQUE INDEX index_allowed_pm_users_on_user_id_and_allowed_pm_user_id ON allowed_pm_users (user_id, allowed_pm_user_id);

CREATE TABLE anonymous_users (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    master_user_id integer NOT NULL,
    active boolean NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_anonymous_users_on_master_user_id ON anonymous_users (master_user_id) WHERE active;
CREATE UNIQUE INDEX index_anonymous_users_on_user_id ON anonymous_users (user_id);

CREATE TABLE api_key_scopes (
    id bigserial PRIMARY KEY,
    api_key_id integer NOT NULL,
    resource varchar NOT NULL,
    action varchar NOT NULL,
    allowed_parameters json,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_api_key_scopes_on_api_key_id ON api_key_scopes (api_key_id);

CREATE TABLE api_keys (
    id serial PRIMARY KEY,
    user_id integer,
    created_by_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    allowed_ips inet[],
    hidden boolean DEFAULT false NOT NULL,
    last_used_at timestamp,
    revoked_at timestamp,
    description text,
    key_hash varchar NOT NULL,
    truncated_key varchar NOT NULL
);
CREATE INDEX index_api_keys_on_key_hash ON api_keys (key_hash);
CREATE INDEX index_api_keys_on_user_id ON api_keys (user_id);

CREATE TABLE developers (
    id serial PRIMARY KEY,
    user_id integer NOT NULL
);
CREATE UNIQUE INDEX index_developers_on_user_id ON developers (user_id);

CREATE TABLE directory_columns (
    id bigserial PRIMARY KEY,
    name varchar,
    automatic_position integer,
    icon varchar,
    user_field_id integer,
    enabled boolean NOT NULL,
    position integer NOT NULL,
    created_at timestamp DEFAULT CURRENT_TIMESTAMP,
    type integer DEFAULT 0 NOT NULL
);
CREATE INDEX directory_column_index ON directory_columns (enabled, "position", user_field_id);

CREATE TABLE directory_items (
    id serial PRIMARY KEY,
    period_type integer NOT NULL,
    user_id integer NOT NULL,
    likes_received integer NOT NULL,
    likes_given integer NOT NULL,
    topics_entered integer NOT NULL,
    topic_count integer NOT NULL,
    post_count integer NOT NULL,
    created_at timestamp,
    updated_at timestamp,
    days_visited integer DEFAULT 0 NOT NULL,
    posts_read integer DEFAULT 0 NOT NULL,
    solutions integer DEFAULT 0,
    gamification_score integer DEFAULT 0
);
CREATE INDEX index_directory_items_on_days_visited ON directory_items (days_visited);
CREATE INDEX index_directory_items_on_likes_given ON directory_items (likes_given);
CREATE INDEX index_directory_items_on_likes_received ON directory_items (likes_received);
CREATE UNIQUE INDEX index_directory_items_on_period_type_and_user_id ON directory_items (period_type, user_id);
CREATE INDEX index_directory_items_on_post_count ON directory_items (post_count);
CREATE INDEX index_directory_items_on_posts_read ON directory_items (posts_read);
CREATE INDEX index_directory_items_on_topic_count ON directory_items (topic_count);
CREATE INDEX index_directory_items_on_topics_entered ON directory_items (topics_entered);

CREATE TABLE do_not_disturb_timings (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    starts_at timestamp NOT NULL,
    ends_at timestamp NOT NULL,
    scheduled boolean DEFAULT false
);
CREATE INDEX index_do_not_disturb_timings_on_ends_at ON do_not_disturb_timings (ends_at);
CREATE INDEX index_do_not_disturb_timings_on_scheduled ON do_not_disturb_timings (scheduled);
CREATE INDEX index_do_not_disturb_timings_on_starts_at ON do_not_disturb_timings (starts_at);
CREATE INDEX index_do_not_disturb_timings_on_user_id ON do_not_disturb_timings (user_id);

CREATE TABLE email_change_requests (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    old_email varchar,
    new_email varchar NOT NULL,
    old_email_token_id integer,
    new_email_token_id integer,
    change_state integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    requested_by_user_id integer
);
CREATE INDEX idx_email_change_requests_on_requested_by ON email_change_requests (requested_by_user_id);
CREATE INDEX index_email_change_requests_on_user_id ON email_change_requests (user_id);

CREATE TABLE email_logs (
    id serial PRIMARY KEY,
    to_address varchar NOT NULL,
    email_type varchar NOT NULL,
    user_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    post_id integer,
    bounce_key uuid,
    bounced boolean DEFAULT false NOT NULL,
    message_id varchar,
    smtp_group_id integer,
    cc_addresses text,
    cc_user_ids integer[],
    raw text,
    topic_id integer,
    bounce_error_code varchar,
    smtp_transaction_response varchar(500),
    bcc_addresses text
);
CREATE UNIQUE INDEX index_email_logs_on_bounce_key ON email_logs (bounce_key) WHERE (bounce_key IS NOT NULL);
CREATE INDEX index_email_logs_on_bounced ON email_logs (bounced);
CREATE INDEX index_email_logs_on_created_at ON email_logs (created_at DESC);
CREATE INDEX index_email_logs_on_message_id ON email_logs (message_id);
CREATE INDEX index_email_logs_on_post_id ON email_logs (post_id);
CREATE INDEX index_email_logs_on_topic_id ON email_logs (topic_id) WHERE (topic_id IS NOT NULL);
CREATE INDEX index_email_logs_on_user_id ON email_logs (user_id);

CREATE TABLE email_tokens (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    email varchar NOT NULL,
    confirmed boolean DEFAULT false NOT NULL,
    expired boolean DEFAULT false NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    token_hash varchar NOT NULL,
    scope integer
);
CREATE UNIQUE INDEX index_email_tokens_on_token_hash ON email_tokens (token_hash);
CREATE INDEX index_email_tokens_on_user_id ON email_tokens (user_id);

CREATE TABLE ignored_users (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    ignored_user_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    summarized_at timestamp,
    expiring_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_ignored_users_on_ignored_user_id_and_user_id ON ignored_users (ignored_user_id, user_id);
CREATE UNIQUE INDEX index_ignored_users_on_user_id_and_ignored_user_id ON ignored_users (user_id, ignored_user_id);

CREATE TABLE invited_groups (
    id serial PRIMARY KEY,
    group_id integer,
    invite_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_invited_groups_on_group_id_and_invite_id ON invited_groups (group_id, invite_id);

CREATE TABLE invited_users (
    id bigserial PRIMARY KEY,
    user_id integer,
    invite_id integer NOT NULL,
    redeemed_at timestamp,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_invited_users_on_invite_id ON invited_users (invite_id);
CREATE UNIQUE INDEX index_invited_users_on_user_id_and_invite_id ON invited_users (user_id, invite_id) WHERE (user_id IS NOT NULL);

CREATE TABLE invites (
    id serial PRIMARY KEY,
    invite_key varchar(32) NOT NULL,
    email varchar,
    invited_by_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    deleted_at timestamp,
    deleted_by_id integer,
    invalidated_at timestamp,
    moderator boolean DEFAULT false NOT NULL,
    custom_message text,
    emailed_status integer,
    max_redemptions_allowed integer DEFAULT 1 NOT NULL,
    redemption_count integer DEFAULT 0 NOT NULL,
    expires_at timestamp NOT NULL,
    email_token varchar,
    domain varchar
);
CREATE INDEX index_invites_on_email_and_invited_by_id ON invites (email, invited_by_id);
CREATE INDEX index_invites_on_emailed_status ON invites (emailed_status);
CREATE UNIQUE INDEX index_invites_on_invite_key ON invites (invite_key);
CREATE INDEX index_invites_on_invited_by_id ON invites (invited_by_id);

CREATE TABLE muted_users (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    muted_user_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_muted_users_on_muted_user_id_and_user_id ON muted_users (muted_user_id, user_id);
CREATE UNIQUE INDEX index_muted_users_on_user_id_and_muted_user_id ON muted_users (user_id, muted_user_id);

CREATE TABLE onceoff_logs (
    id serial PRIMARY KEY,
    job_name varchar,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_onceoff_logs_on_job_name ON onceoff_logs (job_name);

CREATE TABLE push_subscriptions (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    data varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    error_count integer DEFAULT 0 NOT NULL,
    first_error_at timestamp
);

CREATE TABLE screened_emails (
    id serial PRIMARY KEY,
    email varchar NOT NULL,
    action_type integer NOT NULL,
    match_count integer DEFAULT 0 NOT NULL,
    last_match_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    ip_address inet
);
CREATE UNIQUE INDEX index_screened_emails_on_email ON screened_emails (email);
CREATE INDEX index_screened_emails_on_last_match_at ON screened_emails (last_match_at);

CREATE TABLE screened_ip_addresses (
    id serial PRIMARY KEY,
    ip_address inet NOT NULL,
    action_type integer NOT NULL,
    match_count integer DEFAULT 0 NOT NULL,
    last_match_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_screened_ip_addresses_on_ip_address ON screened_ip_addresses (ip_address);
CREATE INDEX index_screened_ip_addresses_on_last_match_at ON screened_ip_addresses (last_match_at);

CREATE TABLE screened_urls (
    id serial PRIMARY KEY,
    url varchar NOT NULL,
    domain varchar NOT NULL,
    action_type integer NOT NULL,
    match_count integer DEFAULT 0 NOT NULL,
    last_match_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    ip_address inet
);
CREATE INDEX index_screened_urls_on_last_match_at ON screened_urls (last_match_at);
CREATE UNIQUE INDEX index_screened_urls_on_url ON screened_urls (url);

CREATE TABLE shelved_notifications (
    id bigserial PRIMARY KEY,
    notification_id integer NOT NULL
);
CREATE INDEX index_shelved_notifications_on_notification_id ON shelved_notifications (notification_id);

CREATE TABLE single_sign_on_records (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    external_id varchar NOT NULL,
    last_payload text NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    external_username varchar,
    external_email varchar,
    external_name varchar,
    external_avatar_url varchar(1500),
    external_profile_background_url varchar,
    external_card_background_url varchar
);
CREATE UNIQUE INDEX index_single_sign_on_records_on_external_id ON single_sign_on_records (external_id);
CREATE INDEX index_single_sign_on_records_on_user_id ON single_sign_on_records (user_id);

CREATE TABLE skipped_email_logs (
    id bigserial PRIMARY KEY,
    email_type varchar NOT NULL,
    to_address varchar NOT NULL,
    user_id integer,
    post_id integer,
    reason_type integer NOT NULL,
    custom_reason text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_skipped_email_logs_on_created_at ON skipped_email_logs (created_at);
CREATE INDEX index_skipped_email_logs_on_post_id ON skipped_email_logs (post_id);
CREATE INDEX index_skipped_email_logs_on_reason_type ON skipped_email_logs (reason_type);
CREATE INDEX index_skipped_email_logs_on_user_id ON skipped_email_logs (user_id);

CREATE TABLE unsubscribe_keys (
    key varchar(64) NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    unsubscribe_key_type varchar,
    topic_id integer,
    post_id integer,
    CONSTRAINT digest_unsubscribe_keys_pkey PRIMARY KEY (key)
);
CREATE INDEX index_unsubscribe_keys_on_created_at ON unsubscribe_keys (created_at);

CREATE TABLE user_actions (
    id serial PRIMARY KEY,
    action_type integer NOT NULL,
    user_id integer NOT NULL,
    target_topic_id integer,
    target_post_id integer,
    target_user_id integer,
    acting_user_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX idx_unique_rows ON user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id);
CREATE INDEX idx_user_actions_speed_up_user_all ON user_actions (user_id, created_at, action_type);
CREATE INDEX index_user_actions_on_acting_user_id ON user_actions (acting_user_id);
CREATE INDEX index_user_actions_on_action_type_and_created_at ON user_actions (action_type, created_at);
CREATE INDEX index_user_actions_on_target_post_id ON user_actions (target_post_id);
CREATE INDEX index_user_actions_on_target_user_id ON user_actions (target_user_id) WHERE (target_user_id IS NOT NULL);
CREATE INDEX index_user_actions_on_user_id_and_action_type ON user_actions (user_id, action_type);

CREATE TABLE user_api_key_scopes (
    id bigserial PRIMARY KEY,
    user_api_key_id integer NOT NULL,
    name varchar NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    allowed_parameters jsonb
);
CREATE INDEX index_user_api_key_scopes_on_user_api_key_id ON user_api_key_scopes (user_api_key_id);

CREATE TABLE user_api_keys (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    client_id varchar NOT NULL,
    application_name varchar NOT NULL,
    push_url varchar,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    revoked_at timestamp,
    last_used_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
    key_hash varchar NOT NULL
);
CREATE UNIQUE INDEX index_user_api_keys_on_client_id ON user_api_keys (client_id);
CREATE UNIQUE INDEX index_user_api_keys_on_key_hash ON user_api_keys (key_hash);
CREATE INDEX index_user_api_keys_on_user_id ON user_api_keys (user_id);

CREATE TABLE user_archived_messages (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    topic_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_user_archived_messages_on_user_id_and_topic_id ON user_archived_messages (user_id, topic_id);

CREATE TABLE user_associated_accounts (
    id bigserial PRIMARY KEY,
    provider_name varchar NOT NULL,
    provider_uid varchar NOT NULL,
    user_id integer,
    last_used timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
    info jsonb DEFAULT '{}' NOT NULL,
    credentials jsonb DEFAULT '{}' NOT NULL,
    extra jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX associated_accounts_provider_uid ON user_associated_accounts (provider_name, provider_uid);
CREATE UNIQUE INDEX associated_accounts_provider_user ON user_associated_accounts (provider_name, user_id);

CREATE TABLE user_auth_token_logs (
    id serial PRIMARY KEY,
    action varchar NOT NULL,
    user_auth_token_id integer,
    user_id integer,
    client_ip inet,
    user_agent varchar,
    auth_token varchar,
    created_at timestamp,
    path varchar
);
CREATE INDEX index_user_auth_token_logs_on_user_id ON user_auth_token_logs (user_id);

CREATE TABLE user_auth_tokens (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    auth_token varchar NOT NULL,
    prev_auth_token varchar NOT NULL,
    user_agent varchar,
    auth_token_seen boolean DEFAULT false NOT NULL,
    client_ip inet,
    rotated_at timestamp NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    seen_at timestamp,
    authenticated_with_oauth boolean DEFAULT false
);
CREATE UNIQUE INDEX index_user_auth_tokens_on_auth_token ON user_auth_tokens (auth_token);
CREATE UNIQUE INDEX index_user_auth_tokens_on_prev_auth_token ON user_auth_tokens (prev_auth_token);
CREATE INDEX index_user_auth_tokens_on_user_id ON user_auth_tokens (user_id);

CREATE TABLE user_avatars (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    custom_upload_id integer,
    gravatar_upload_id integer,
    last_gravatar_download_attempt timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_user_avatars_on_custom_upload_id ON user_avatars (custom_upload_id);
CREATE INDEX index_user_avatars_on_gravatar_upload_id ON user_avatars (gravatar_upload_id);
CREATE INDEX index_user_avatars_on_user_id ON user_avatars (user_id);

CREATE TABLE user_badges (
    id serial PRIMARY KEY,
    badge_id integer NOT NULL,
    user_id integer NOT NULL,
    granted_at timestamp NOT NULL,
    granted_by_id integer NOT NULL,
    post_id integer,
    notification_id integer,
    seq integer DEFAULT 0 NOT NULL,
    featured_rank integer,
    created_at timestamp NOT NULL,
    is_favorite boolean
);
CREATE INDEX index_user_badges_on_badge_id_and_user_id ON user_badges (badge_id, user_id);
CREATE UNIQUE INDEX index_user_badges_on_badge_id_and_user_id_and_post_id ON user_badges (badge_id, user_id, post_id) WHERE (post_id IS NOT NULL);
CREATE UNIQUE INDEX index_user_badges_on_badge_id_and_user_id_and_seq ON user_badges (badge_id, user_id, seq) WHERE (post_id IS NULL);
CREATE INDEX index_user_badges_on_user_id ON user_badges (user_id);

CREATE TABLE user_custom_fields (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    name varchar(256) NOT NULL,
    value text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX idx_user_custom_fields_on_holiday ON user_custom_fields (name, user_id) WHERE ((name) = 'on_holiday');
CREATE INDEX index_user_custom_fields_on_user_id_and_name ON user_custom_fields (user_id, name);

CREATE TABLE user_emails (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    email varchar(513) NOT NULL,
    "primary" boolean DEFAULT false NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    normalized_email varchar
);
CREATE UNIQUE INDEX index_user_emails_on_email ON user_emails (lower((email)));
CREATE INDEX index_user_emails_on_normalized_email ON user_emails (lower((normalized_email)));
CREATE INDEX index_user_emails_on_user_id ON user_emails (user_id);
CREATE UNIQUE INDEX index_user_emails_on_user_id_and_primary ON user_emails (user_id, "primary") WHERE "primary";

CREATE TABLE user_exports (
    id serial PRIMARY KEY,
    file_name varchar NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    upload_id integer,
    topic_id integer
);

CREATE TABLE user_field_options (
    id serial PRIMARY KEY,
    user_field_id integer NOT NULL,
    value varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);

CREATE TABLE user_fields (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    field_type varchar,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    editable boolean DEFAULT false NOT NULL,
    description varchar NOT NULL,
    required boolean DEFAULT true NOT NULL,
    show_on_profile boolean DEFAULT false NOT NULL,
    position integer DEFAULT 0,
    show_on_user_card boolean DEFAULT false NOT NULL,
    external_name varchar,
    external_type varchar,
    searchable boolean DEFAULT false NOT NULL,
    requirement integer DEFAULT 0 NOT NULL,
    field_type_enum integer NOT NULL
);

CREATE TABLE user_histories (
    id serial PRIMARY KEY,
    action integer NOT NULL,
    acting_user_id integer,
    target_user_id integer,
    details text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    context varchar,
    ip_address varchar,
    email varchar,
    subject text,
    previous_value text,
    new_value text,
    topic_id integer,
    admin_only boolean DEFAULT false,
    post_id integer,
    custom_type varchar,
    category_id integer
);
CREATE INDEX index_user_histories_on_acting_user_id_and_action_and_id ON user_histories (acting_user_id, action, id);
CREATE INDEX index_user_histories_on_action_and_id ON user_histories (action, id);
CREATE INDEX index_user_histories_on_category_id ON user_histories (category_id);
CREATE INDEX index_user_histories_on_post_id ON user_histories (post_id);
CREATE INDEX index_user_histories_on_subject_and_id ON user_histories (subject, id);
CREATE INDEX index_user_histories_on_target_user_id_and_id ON user_histories (target_user_id, id);
CREATE INDEX index_user_histories_on_topic_id_and_target_user_id_and_action ON user_histories (topic_id, target_user_id, action);

CREATE TABLE user_ip_address_histories (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    ip_address inet NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_user_ip_address_histories_on_user_id_and_ip_address ON user_ip_address_histories (user_id, ip_address);

CREATE TABLE user_notification_schedules (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    enabled boolean DEFAULT false NOT NULL,
    day_0_start_time integer NOT NULL,
    day_0_end_time integer NOT NULL,
    day_1_start_time integer NOT NULL,
    day_1_end_time integer NOT NULL,
    day_2_start_time integer NOT NULL,
    day_2_end_time integer NOT NULL,
    day_3_start_time integer NOT NULL,
    day_3_end_time integer NOT NULL,
    day_4_start_time integer NOT NULL,
    day_4_end_time integer NOT NULL,
    day_5_start_time integer NOT NULL,
    day_5_end_time integer NOT NULL,
    day_6_start_time integer NOT NULL,
    day_6_end_time integer NOT NULL
);
CREATE INDEX index_user_notification_schedules_on_enabled ON user_notification_schedules (enabled);
CREATE INDEX index_user_notification_schedules_on_user_id ON user_notification_schedules (user_id);

CREATE TABLE user_options (
    user_id integer NOT NULL,
    mailing_list_mode boolean DEFAULT false NOT NULL,
    email_digests boolean,
    external_links_in_new_tab boolean DEFAULT false NOT NULL,
    enable_quoting boolean DEFAULT true NOT NULL,
    dynamic_favicon boolean DEFAULT false NOT NULL,
    automatically_unpin_topics boolean DEFAULT true NOT NULL,
    digest_after_minutes integer,
    auto_track_topics_after_msecs integer,
    new_topic_duration_minutes integer,
    last_redirected_to_top_at timestamp,
    email_previous_replies integer DEFAULT 2 NOT NULL,
    email_in_reply_to boolean DEFAULT true NOT NULL,
    like_notification_frequency integer DEFAULT 1 NOT NULL,
    mailing_list_mode_frequency integer DEFAULT 1 NOT NULL,
    include_tl0_in_digests boolean DEFAULT false,
    notification_level_when_replying integer,
    theme_key_seq integer DEFAULT 0 NOT NULL,
    allow_private_messages boolean DEFAULT true NOT NULL,
    homepage_id integer,
    theme_ids integer[] DEFAULT '{}' NOT NULL,
    hide_profile_and_presence boolean DEFAULT false NOT NULL,
    text_size_key integer DEFAULT 0 NOT NULL,
    text_size_seq integer DEFAULT 0 NOT NULL,
    email_level integer DEFAULT 1 NOT NULL,
    email_messages_level integer DEFAULT 0 NOT NULL,
    title_count_mode_key integer DEFAULT 0 NOT NULL,
    enable_defer boolean DEFAULT false NOT NULL,
    timezone varchar,
    enable_allowed_pm_users boolean DEFAULT false NOT NULL,
    dark_scheme_id integer,
    skip_new_user_tips boolean DEFAULT false NOT NULL,
    color_scheme_id integer,
    default_calendar integer DEFAULT 0 NOT NULL,
    chat_enabled boolean DEFAULT true NOT NULL,
    only_chat_push_notifications boolean,
    oldest_search_log_date timestamp,
    chat_sound varchar,
    dismissed_channel_retention_reminder boolean,
    dismissed_dm_retention_reminder boolean,
    bookmark_auto_delete_preference integer DEFAULT 3 NOT NULL,
    ignore_channel_wide_mention boolean,
    chat_email_frequency integer DEFAULT 1 NOT NULL,
    enable_experimental_sidebar boolean DEFAULT false,
    seen_popups integer[],
    chat_header_indicator_preference integer DEFAULT 0 NOT NULL,
    sidebar_link_to_filtered_list boolean DEFAULT false NOT NULL,
    sidebar_show_count_of_new_items boolean DEFAULT false NOT NULL,
    watched_precedence_over_muted boolean,
    chat_separate_sidebar_mode integer DEFAULT 0 NOT NULL,
    topics_unread_when_closed boolean DEFAULT true NOT NULL,
    show_thread_title_prompts boolean DEFAULT true NOT NULL
);
CREATE UNIQUE INDEX index_user_options_on_user_id ON user_options (user_id);
CREATE INDEX index_user_options_on_user_id_and_default_calendar ON user_options (user_id, default_calendar);
CREATE INDEX index_user_options_on_watched_precedence_over_muted ON user_options (watched_precedence_over_muted);

CREATE TABLE user_passwords (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    password_hash varchar(64) NOT NULL,
    password_salt varchar(32) NOT NULL,
    password_algorithm varchar(64) NOT NULL,
    password_expired_at timestamp(6),
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX idx_user_passwords_on_user_id_and_expired_at_and_hash ON user_passwords (user_id, password_expired_at, password_hash);
CREATE UNIQUE INDEX index_user_passwords_on_user_id ON user_passwords (user_id) WHERE (password_expired_at IS NULL);
CREATE UNIQUE INDEX index_user_passwords_on_user_id_and_password_hash ON user_passwords (user_id, password_hash);

CREATE TABLE user_profile_views (
    id serial PRIMARY KEY,
    user_profile_id integer NOT NULL,
    viewed_at timestamp NOT NULL,
    ip_address inet,
    user_id integer
);
CREATE INDEX index_user_profile_views_on_user_id ON user_profile_views (user_id);
CREATE INDEX index_user_profile_views_on_user_profile_id ON user_profile_views (user_profile_id);
CREATE UNIQUE INDEX unique_profile_view_user_or_ip ON user_profile_views (viewed_at, user_id, ip_address, user_profile_id);

CREATE TABLE user_profiles (
    user_id integer PRIMARY KEY,
    location varchar(3000),
    website varchar(3000),
    bio_raw text,
    bio_cooked text,
    dismissed_banner_key integer,
    bio_cooked_version integer,
    views integer DEFAULT 0 NOT NULL,
    profile_background_upload_id integer,
    card_background_upload_id integer,
    granted_title_badge_id bigint,
    featured_topic_id integer
);
CREATE INDEX index_user_profiles_on_bio_cooked_version ON user_profiles (bio_cooked_version);
CREATE INDEX index_user_profiles_on_card_background_upload_id ON user_profiles (card_background_upload_id);
CREATE INDEX index_user_profiles_on_granted_title_badge_id ON user_profiles (granted_title_badge_id);
CREATE INDEX index_user_profiles_on_profile_background_upload_id ON user_profiles (profile_background_upload_id);

CREATE TABLE user_required_fields_versions (
    id bigserial PRIMARY KEY,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);

CREATE TABLE user_search_data (
    user_id integer NOT NULL,
    search_data tsvector,
    raw_data text,
    locale text,
    version integer DEFAULT 0,
    CONSTRAINT users_search_pkey PRIMARY KEY (user_id)
);
CREATE INDEX idx_search_user ON user_search_data USING gin (search_data);

CREATE TABLE user_second_factors (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    method integer NOT NULL,
    data varchar NOT NULL,
    enabled boolean DEFAULT false NOT NULL,
    last_used timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    name varchar(300)
);
CREATE INDEX index_user_second_factors_on_method_and_enabled ON user_second_factors (method, enabled);
CREATE INDEX index_user_second_factors_on_user_id ON user_second_factors (user_id);

CREATE TABLE user_security_keys (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL,
    credential_id varchar NOT NULL,
    public_key varchar NOT NULL,
    factor_type integer DEFAULT 0 NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    name varchar(300) NOT NULL,
    last_used timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_user_security_keys_on_credential_id ON user_security_keys (credential_id);
CREATE INDEX index_user_security_keys_on_factor_type ON user_security_keys (factor_type);
CREATE INDEX index_user_security_keys_on_factor_type_and_enabled ON user_security_keys (factor_type, enabled);
CREATE INDEX index_user_security_keys_on_last_used ON user_security_keys (last_used);
CREATE INDEX index_user_security_keys_on_public_key ON user_security_keys (public_key);
CREATE INDEX index_user_security_keys_on_user_id ON user_security_keys (user_id);

CREATE TABLE user_stats (
    user_id integer PRIMARY KEY,
    topics_entered integer DEFAULT 0 NOT NULL,
    time_read integer DEFAULT 0 NOT NULL,
    days_visited integer DEFAULT 0 NOT NULL,
    posts_read_count integer DEFAULT 0 NOT NULL,
    likes_given integer DEFAULT 0 NOT NULL,
    likes_received integer DEFAULT 0 NOT NULL,
    new_since timestamp NOT NULL,
    read_faq timestamp,
    first_post_created_at timestamp,
    post_count integer DEFAULT 0 NOT NULL,
    topic_count integer DEFAULT 0 NOT NULL,
    bounce_score float8 DEFAULT 0 NOT NULL,
    reset_bounce_score_after timestamp,
    flags_agreed integer DEFAULT 0 NOT NULL,
    flags_disagreed integer DEFAULT 0 NOT NULL,
    flags_ignored integer DEFAULT 0 NOT NULL,
    first_unread_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
    distinct_badge_count integer DEFAULT 0 NOT NULL,
    first_unread_pm_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
    digest_attempted_at timestamp,
    post_edits_count integer,
    draft_count integer DEFAULT 0 NOT NULL,
    pending_posts_count integer DEFAULT 0 NOT NULL
);

CREATE TABLE user_statuses (
    user_id serial PRIMARY KEY,
    emoji varchar NOT NULL,
    description varchar NOT NULL,
    set_at timestamp(6) NOT NULL,
    ends_at timestamp(6)
);

CREATE TABLE user_uploads (
    id bigserial PRIMARY KEY,
    upload_id integer NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_user_uploads_on_upload_id_and_user_id ON user_uploads (upload_id, user_id);
CREATE INDEX index_user_uploads_on_user_id_and_upload_id ON user_uploads (user_id, upload_id);

CREATE TABLE user_visits (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    visited_at date NOT NULL,
    posts_read integer DEFAULT 0,
    mobile boolean DEFAULT false,
    time_read integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_user_visits_on_user_id_and_visited_at ON user_visits (user_id, visited_at);
CREATE INDEX index_user_visits_on_user_id_and_visited_at_and_time_read ON user_visits (user_id, visited_at, time_read);
CREATE INDEX index_user_visits_on_visited_at_and_mobile ON user_visits (visited_at, mobile);

CREATE TABLE user_warnings (
    id serial PRIMARY KEY,
    topic_id integer NOT NULL,
    user_id integer NOT NULL,
    created_by_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_user_warnings_on_topic_id ON user_warnings (topic_id);
CREATE INDEX index_user_warnings_on_user_id ON user_warnings (user_id);

CREATE TABLE users (
    id serial PRIMARY KEY,
    username varchar(60) NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    name varchar,
    seen_notification_id integer DEFAULT 0 NOT NULL,
    last_posted_at timestamp,
    password_hash varchar(64),
    salt varchar(32),
    active boolean DEFAULT false NOT NULL,
    username_lower varchar(60) NOT NULL,
    last_seen_at timestamp,
    admin boolean DEFAULT false NOT NULL,
    last_emailed_at timestamp,
    trust_level integer NOT NULL,
    approved boolean DEFAULT false NOT NULL,
    approved_by_id integer,
    approved_at timestamp,
    previous_visit_at timestamp,
    suspended_at timestamp,
    suspended_till timestamp,
    date_of_birth date,
    views integer DEFAULT 0 NOT NULL,
    flag_level integer DEFAULT 0 NOT NULL,
    ip_address inet,
    moderator boolean DEFAULT false,
    title varchar,
    uploaded_avatar_id integer,
    locale varchar(10),
    primary_group_id integer,
    registration_ip_address inet,
    staged boolean DEFAULT false NOT NULL,
    first_seen_at timestamp,
    silenced_till timestamp,
    group_locked_trust_level integer,
    manual_locked_trust_level integer,
    secure_identifier varchar,
    flair_group_id integer,
    last_seen_reviewable_id integer,
    password_algorithm varchar(64),
    required_fields_version integer
);
CREATE INDEX idx_users_admin ON users (id) WHERE admin;
CREATE INDEX idx_users_moderator ON users (id) WHERE moderator;
CREATE INDEX index_users_on_last_posted_at ON users (last_posted_at);
CREATE INDEX index_users_on_last_seen_at ON users (last_seen_at);
CREATE INDEX index_users_on_name_trgm ON users USING gist (name gist_trgm_ops);
CREATE UNIQUE INDEX index_users_on_secure_identifier ON users (secure_identifier);
CREATE INDEX index_users_on_uploaded_avatar_id ON users (uploaded_avatar_id);
CREATE UNIQUE INDEX index_users_on_username ON users (username);
CREATE UNIQUE INDEX index_users_on_username_lower ON users (username_lower);
CREATE INDEX index_users_on_username_lower_trgm ON users USING gist (username_lower gist_trgm_ops);
