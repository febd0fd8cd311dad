-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE dismissed_topic_users (
    id bigserial PRIMARY KEY,
    user_id integer,
    topic_id integer,
    created_at timestamp
);
CREATE UNIQUE INDEX index_dismissed_topic_users_on_user_id_and_topic_id ON dismissed_topic_users (user_id, topic_id);

CREATE TABLE embeddable_host_tags (
    id bigserial PRIMARY KEY,
    embeddable_host_id integer NOT NULL,
    tag_id integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_embeddable_host_tags_on_embeddable_host_id ON embeddable_host_tags (embeddable_host_id);
CREATE UNIQUE INDEX index_embeddable_host_tags_on_embeddable_host_id_and_tag_id ON embeddable_host_tags (embeddable_host_id, tag_id);
CREATE INDEX index_embeddable_host_tags_on_tag_id ON embeddable_host_tags (tag_id);

CREATE TABLE embeddable_hosts (
    id serial PRIMARY KEY,
    host varchar NOT NULL,
    category_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    class_name varchar,
    allowed_paths varchar,
    user_id integer
);

CREATE TABLE incoming_domains (
    id serial PRIMARY KEY,
    name varchar(100) NOT NULL,
    https boolean DEFAULT false NOT NULL,
    port integer NOT NULL
);
CREATE UNIQUE INDEX index_incoming_domains_on_name_and_https_and_port ON incoming_domains (name, https, port);

CREATE TABLE incoming_links (
    id serial PRIMARY KEY,
    created_at timestamp NOT NULL,
    user_id integer,
    ip_address inet,
    current_user_id integer,
    post_id integer NOT NULL,
    incoming_referer_id integer
);
CREATE INDEX index_incoming_links_on_created_at_and_user_id ON incoming_links (created_at, user_id);
CREATE INDEX index_incoming_links_on_post_id ON incoming_links (post_id);

CREATE TABLE incoming_referers (
    id serial PRIMARY KEY,
    path varchar(1000) NOT NULL,
    incoming_domain_id integer NOT NULL
);
CREATE UNIQUE INDEX index_incoming_referers_on_path_and_incoming_domain_id ON incoming_referers (path, incoming_domain_id);

CREATE TABLE linked_topics (
    id bigserial PRIMARY KEY,
    topic_id bigint NOT NULL,
    original_topic_id bigint NOT NULL,
    sequence integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_linked_topics_on_topic_id_and_original_topic_id ON linked_topics (topic_id, original_topic_id);
CREATE UNIQUE INDEX index_linked_topics_on_topic_id_and_sequence ON linked_topics (topic_id, sequence);

CREATE TABLE permalinks (
    id serial PRIMARY KEY,
    url varchar(1000) NOT NULL,
    topic_id integer,
    post_id integer,
    category_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    external_url varchar(1000),
    tag_id integer,
    user_id integer
);
CREATE UNIQUE INDEX index_permalinks_on_url ON permalinks (url);

CREATE TABLE published_pages (
    id bigserial PRIMARY KEY,
    topic_id bigint NOT NULL,
    slug varchar NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    public boolean DEFAULT false NOT NULL
);
CREATE UNIQUE INDEX index_published_pages_on_slug ON published_pages (slug);
CREATE UNIQUE INDEX index_published_pages_on_topic_id ON published_pages (topic_id);

CREATE TABLE shared_drafts (
    topic_id integer NOT NULL,
    category_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    id bigserial PRIMARY KEY
);
CREATE INDEX index_shared_drafts_on_category_id ON shared_drafts (category_id);
CREATE UNIQUE INDEX index_shared_drafts_on_topic_id ON shared_drafts (topic_id);

CREATE TABLE summary_sections (
    id bigserial PRIMARY KEY,
    target_id integer NOT NULL,
    target_type varchar NOT NULL,
    content_range int4range,
    summarized_text varchar NOT NULL,
    meta_section_id integer,
    original_content_sha varchar NOT NULL,
    algorithm varchar NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);

CREATE TABLE top_topics (
    id serial PRIMARY KEY,
    topic_id integer,
    yearly_posts_count integer DEFAULT 0 NOT NULL,
    yearly_views_count integer DEFAULT 0 NOT NULL,
    yearly_likes_count integer DEFAULT 0 NOT NULL,
    monthly_posts_count integer DEFAULT 0 NOT NULL,
    monthly_views_count integer DEFAULT 0 NOT NULL,
    monthly_likes_count integer DEFAULT 0 NOT NULL,
    weekly_posts_count integer DEFAULT 0 NOT NULL,
    weekly_views_count integer DEFAULT 0 NOT NULL,
    weekly_likes_count integer DEFAULT 0 NOT NULL,
    daily_posts_count integer DEFAULT 0 NOT NULL,
    daily_views_count integer DEFAULT 0 NOT NULL,
    daily_likes_count integer DEFAULT 0 NOT NULL,
    daily_score float8 DEFAULT 0.0,
    weekly_score float8 DEFAULT 0.0,
    monthly_score float8 DEFAULT 0.0,
    yearly_score float8 DEFAULT 0.0,
    all_score float8 DEFAULT 0.0,
    daily_op_likes_count integer DEFAULT 0 NOT NULL,
    weekly_op_likes_count integer DEFAULT 0 NOT NULL,
    monthly_op_likes_count integer DEFAULT 0 NOT NULL,
    yearly_op_likes_count integer DEFAULT 0 NOT NULL,
    quarterly_posts_count integer DEFAULT 0 NOT NULL,
    quarterly_views_count integer DEFAULT 0 NOT NULL,
    quarterly_likes_count integer DEFAULT 0 NOT NULL,
    quarterly_score float8 DEFAULT 0.0,
    quarterly_op_likes_count integer DEFAULT 0 NOT NULL
);
CREATE INDEX index_top_topics_on_all_score ON top_topics (all_score);
CREATE INDEX index_top_topics_on_daily_likes_count ON top_topics (daily_likes_count DESC);
CREATE INDEX index_top_topics_on_daily_op_likes_count ON top_topics (daily_op_likes_count);
CREATE INDEX index_top_topics_on_daily_posts_count ON top_topics (daily_posts_count DESC);
CREATE INDEX index_top_topics_on_daily_score ON top_topics (daily_score);
CREATE INDEX index_top_topics_on_daily_views_count ON top_topics (daily_views_count DESC);
CREATE INDEX index_top_topics_on_monthly_likes_count ON top_topics (monthly_likes_count DESC);
CREATE INDEX index_top_topics_on_monthly_op_likes_count ON top_topics (monthly_op_likes_count);
CREATE INDEX index_top_topics_on_monthly_posts_count ON top_topics (monthly_posts_count DESC);
CREATE INDEX index_top_topics_on_monthly_score ON top_topics (monthly_score);
CREATE INDEX index_top_topics_on_monthly_views_count ON top_topics (monthly_views_count DESC);
CREATE INDEX index_top_topics_on_quarterly_likes_count ON top_topics (quarterly_likes_count);
CREATE INDEX index_top_topics_on_quarterly_op_likes_count ON top_topics (quarterly_op_likes_count);
CREATE INDEX index_top_topics_on_quarterly_posts_count ON top_topics (quarterly_posts_count);
CREATE INDEX index_top_topics_on_quarterly_views_count ON top_topics (quarterly_views_count);
CREATE UNIQUE INDEX index_top_topics_on_topic_id ON top_topics (topic_id);
CREATE INDEX index_top_topics_on_weekly_likes_count ON top_topics (weekly_likes_count DESC);
CREATE INDEX index_top_topics_on_weekly_op_likes_count ON top_topics (weekly_op_likes_count);
CREATE INDEX index_top_topics_on_weekly_posts_count ON top_topics (weekly_posts_count DESC);
CREATE INDEX index_top_topics_on_weekly_score ON top_topics (weekly_score);
CREATE INDEX index_top_topics_on_weekly_views_count ON top_topics (weekly_views_count DESC);
CREATE INDEX index_top_topics_on_yearly_likes_count ON top_topics (yearly_likes_count DESC);
CREATE INDEX index_top_topics_on_yearly_op_likes_count ON top_topics (yearly_op_likes_count);
CREATE INDEX index_top_topics_on_yearly_posts_count ON top_topics (yearly_posts_count DESC);
CREATE INDEX index_top_topics_on_yearly_score ON top_topics (yearly_score);
CREATE INDEX index_top_topics_on_yearly_views_count ON top_topics (yearly_views_count DESC);

CREATE TABLE topic_allowed_groups (
    id serial PRIMARY KEY,
    group_id integer NOT NULL,
    topic_id integer NOT NULL
);
CREATE UNIQUE INDEX index_topic_allowed_groups_on_group_id_and_topic_id ON topic_allowed_groups (group_id, topic_id);
CREATE UNIQUE INDEX index_topic_allowed_groups_on_topic_id_and_group_id ON topic_allowed_groups (topic_id, group_id);

CREATE TABLE topic_allowed_users (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    topic_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_topic_allowed_users_on_topic_id_and_user_id ON topic_allowed_users (topic_id, user_id);
CREATE UNIQUE INDEX index_topic_allowed_users_on_user_id_and_topic_id ON topic_allowed_users (user_id, topic_id);

CREATE TABLE topic_custom_fields (
    id serial PRIMARY KEY,
    topic_id integer NOT NULL,
    name varchar(256) NOT NULL,
    value text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX idx_topic_custom_fields_accepted_answer ON topic_custom_fields (topic_id) WHERE ((name) = 'accepted_answer_post_id');
CREATE UNIQUE INDEX idx_topic_custom_fields_auto_responder_triggered_ids_partial ON topic_custom_fields (topic_id, value) WHERE ((name) = 'auto_responder_triggered_ids');
CREATE UNIQUE INDEX idx_topic_custom_fields_topic_post_event_ends_at ON topic_custom_fields (name, topic_id) WHERE ((name) = 'TopicEventEndsAt');
CREATE UNIQUE INDEX idx_topic_custom_fields_topic_post_event_starts_at ON topic_custom_fields (name, topic_id) WHERE ((name) = 'TopicEventStartsAt');
CREATE INDEX index_topic_custom_fields_on_topic_id_and_name ON topic_custom_fields (topic_id, name);
CREATE UNIQUE INDEX index_topic_custom_fields_on_topic_id_and_slack_thread_id ON topic_custom_fields (topic_id, name) WHERE ((name) ~~ 'slack_thread_id_%');
CREATE INDEX topic_custom_fields_value_key_idx ON topic_custom_fields (value, name) WHERE ((value IS NOT NULL) AND (char_length(value) < 400));

CREATE TABLE topic_embeds (
    id serial PRIMARY KEY,
    topic_id integer NOT NULL,
    post_id integer NOT NULL,
    embed_url varchar(1000) NOT NULL,
    content_sha1 varchar(40),
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    deleted_at timestamp,
    deleted_by_id integer,
    embed_content_cache text
);
CREATE UNIQUE INDEX index_topic_embeds_on_embed_url ON topic_embeds (embed_url);

CREATE TABLE topic_hot_scores (
    id bigserial PRIMARY KEY,
    topic_id integer NOT NULL,
    score float8 DEFAULT 0.0 NOT NULL,
    recent_likes integer DEFAULT 0 NOT NULL,
    recent_posters integer DEFAULT 0 NOT NULL,
    recent_first_bumped_at timestamp(6),
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_topic_hot_scores_on_score_and_topic_id ON topic_hot_scores (score, topic_id);
CREATE UNIQUE INDEX index_topic_hot_scores_on_topic_id ON topic_hot_scores (topic_id);

CREATE TABLE topic_link_clicks (
    id serial PRIMARY KEY,
    topic_link_id integer NOT NULL,
    user_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    ip_address inet
);
CREATE INDEX by_link ON topic_link_clicks (topic_link_id);

CREATE TABLE topic_links (
    id serial PRIMARY KEY,
    topic_id integer NOT NULL,
    post_id integer,
    user_id integer NOT NULL,
    url varchar NOT NULL,
    domain varchar(100) NOT NULL,
    internal boolean DEFAULT false NOT NULL,
    link_topic_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    reflection boolean DEFAULT false,
    clicks integer DEFAULT 0 NOT NULL,
    link_post_id integer,
    title varchar,
    crawled_at timestamp,
    quote boolean DEFAULT false NOT NULL,
    extension varchar(10)
);
CREATE INDEX index_topic_links_on_extension ON topic_links (extension);
CREATE INDEX index_topic_links_on_link_post_id_and_reflection ON topic_links (link_post_id, reflection);
CREATE INDEX index_topic_links_on_post_id ON topic_links (post_id);
CREATE INDEX index_topic_links_on_topic_id ON topic_links (topic_id);
CREATE INDEX index_topic_links_on_user_and_clicks ON topic_links (user_id, clicks DESC, created_at DESC) WHERE ((NOT reflection) AND (NOT quote) AND (NOT internal));
CREATE INDEX index_topic_links_on_user_id ON topic_links (user_id);
CREATE UNIQUE INDEX unique_post_links ON topic_links (topic_id, post_id, url);

CREATE TABLE topic_search_data (
    topic_id integer PRIMARY KEY,
    raw_data text,
    locale varchar NOT NULL,
    search_data tsvector,
    version integer DEFAULT 0
);
CREATE INDEX idx_search_topic ON topic_search_data USING gin (search_data);
CREATE INDEX index_topic_search_data_on_topic_id_and_version_and_locale ON topic_search_data (topic_id, version, locale);

CREATE TABLE topic_tags (
    id serial PRIMARY KEY,
    topic_id integer NOT NULL,
    tag_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_topic_tags_on_topic_id_and_tag_id ON topic_tags (topic_id, tag_id);

CREATE TABLE topic_thumbnails (
    id bigserial PRIMARY KEY,
    upload_id bigint NOT NULL,
    optimized_image_id bigint,
    max_width integer NOT NULL,
    max_height integer NOT NULL
);
CREATE INDEX index_topic_thumbnails_on_optimized_image_id ON topic_thumbnails (optimized_image_id);
CREATE INDEX index_topic_thumbnails_on_upload_id ON topic_thumbnails (upload_id);
CREATE UNIQUE INDEX unique_topic_thumbnails ON topic_thumbnails (upload_id, max_width, max_height);

CREATE TABLE topic_timers (
    id serial PRIMARY KEY,
    execute_at timestamp NOT NULL,
    status_type integer NOT NULL,
    user_id integer NOT NULL,
    topic_id integer NOT NULL,
    based_on_last_post boolean DEFAULT false NOT NULL,
    deleted_at timestamp,
    deleted_by_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    category_id integer,
    public_type boolean DEFAULT true,
    duration_minutes integer
);
CREATE UNIQUE INDEX idx_topic_id_public_type_deleted_at ON topic_timers (topic_id) WHERE ((public_type = true) AND (deleted_at IS NULL));
CREATE INDEX index_topic_timers_on_topic_id ON topic_timers (topic_id) WHERE (deleted_at IS NULL);
CREATE INDEX index_topic_timers_on_user_id ON topic_timers (user_id);

CREATE TABLE topic_users (
    user_id integer NOT NULL,
    topic_id integer NOT NULL,
    posted boolean DEFAULT false NOT NULL,
    last_read_post_number integer,
    last_visited_at timestamp,
    first_visited_at timestamp,
    notification_level integer DEFAULT 1 NOT NULL,
    notifications_changed_at timestamp,
    notifications_reason_id integer,
    total_msecs_viewed integer DEFAULT 0 NOT NULL,
    cleared_pinned_at timestamp,
    id serial PRIMARY KEY,
    last_emailed_post_number integer,
    liked boolean DEFAULT false,
    bookmarked boolean DEFAULT false,
    last_posted_at timestamp
);
CREATE INDEX index_topic_users_on_topic_id_and_notification_level ON topic_users (topic_id, notification_level);
CREATE UNIQUE INDEX index_topic_users_on_topic_id_and_user_id ON topic_users (topic_id, user_id);
CREATE UNIQUE INDEX index_topic_users_on_user_id_and_topic_id ON topic_users (user_id, topic_id);

CREATE TABLE topic_view_stats (
    id bigserial PRIMARY KEY,
    topic_id integer NOT NULL,
    viewed_at date NOT NULL,
    anonymous_views integer DEFAULT 0 NOT NULL,
    logged_in_views integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_topic_view_stats_on_topic_id_and_viewed_at ON topic_view_stats (topic_id, viewed_at);
CREATE INDEX index_topic_view_stats_on_viewed_at_and_topic_id ON topic_view_stats (viewed_at, topic_id);

CREATE TABLE topic_views (
    topic_id integer NOT NULL,
    viewed_at date NOT NULL,
    user_id integer,
    ip_address inet
);
CREATE INDEX index_topic_views_on_topic_id_and_viewed_at ON topic_views (topic_id, viewed_at);
CREATE INDEX index_topic_views_on_user_id_and_viewed_at ON topic_views (user_id, viewed_at);
CREATE INDEX index_topic_views_on_viewed_at_and_topic_id ON topic_views (viewed_at, topic_id);
CREATE UNIQUE INDEX uniq_ip_or_user_id_topic_views ON topic_views (user_id, ip_address, topic_id);

CREATE TABLE topics (
    id serial PRIMARY KEY,
    title varchar NOT NULL,
    last_posted_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    views integer DEFAULT 0 NOT NULL,
    posts_count integer DEFAULT 0 NOT NULL,
    user_id integer,
    last_post_user_id integer NOT NULL,
    reply_count integer DEFAULT 0 NOT NULL,
    featured_user1_id integer,
    featured_user2_id integer,
    featured_user3_id integer,
    deleted_at timestamp,
    highest_post_number integer DEFAULT 0 NOT NULL,
    like_count integer DEFAULT 0 NOT NULL,
    incoming_link_count integer DEFAULT 0 NOT NULL,
    category_id integer,
    visible boolean DEFAULT true NOT NULL,
    moderator_posts_count integer DEFAULT 0 NOT NULL,
    closed boolean DEFAULT false NOT NULL,
    archived boolean DEFAULT false NOT NULL,
    bumped_at timestamp NOT NULL,
    has_summary boolean DEFAULT false NOT NULL,
    archetype varchar DEFAULT 'regular' NOT NULL,
    featured_user4_id integer,
    notify_moderators_count integer DEFAULT 0 NOT NULL,
    spam_count integer DEFAULT 0 NOT NULL,
    pinned_at timestamp,
    score float8,
    percent_rank float8 DEFAULT 1.0 NOT NULL,
    subtype varchar,
    slug varchar,
    deleted_by_id integer,
    participant_count integer DEFAULT 1,
    word_count integer,
    excerpt varchar,
    pinned_globally boolean DEFAULT false NOT NULL,
    pinned_until timestamp,
    fancy_title varchar,
    highest_staff_post_number integer DEFAULT 0 NOT NULL,
    featured_link varchar,
    reviewable_score float8 DEFAULT 0.0 NOT NULL,
    image_upload_id bigint,
    slow_mode_seconds integer DEFAULT 0 NOT NULL,
    bannered_until timestamp,
    external_id varchar,
    visibility_reason_id integer,
    CONSTRAINT has_category_id CHECK (((category_id IS NOT NULL) OR ((archetype) <> 'regular'))),
    CONSTRAINT pm_has_no_category CHECK (((category_id IS NULL) OR ((archetype) <> 'private_message')))
);
CREATE INDEX idx_topics_front_page ON topics (deleted_at, visible, archetype, category_id, id);
CREATE INDEX idx_topics_user_id_deleted_at ON topics (user_id) WHERE (deleted_at IS NULL);
CREATE INDEX idxtopicslug ON topics (slug) WHERE ((deleted_at IS NULL) AND (slug IS NOT NULL));
CREATE INDEX index_topics_on_bannered_until ON topics (bannered_until) WHERE (bannered_until IS NOT NULL);
CREATE INDEX index_topics_on_bumped_at_public ON topics (bumped_at) WHERE ((deleted_at IS NULL) AND ((archetype) <> 'private_message'));
CREATE INDEX index_topics_on_created_at_and_visible ON topics (created_at, visible) WHERE ((deleted_at IS NULL) AND ((archetype) <> 'private_message'));
CREATE UNIQUE INDEX index_topics_on_external_id ON topics (external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX index_topics_on_id_and_deleted_at ON topics (id, deleted_at);
CREATE UNIQUE INDEX index_topics_on_id_filtered_banner ON topics (id) WHERE (((archetype) = 'banner') AND (deleted_at IS NULL));
CREATE INDEX index_topics_on_image_upload_id ON topics (image_upload_id);
CREATE INDEX index_topics_on_lower_title ON topics (lower((title)));
CREATE INDEX index_topics_on_pinned_at ON topics (pinned_at) WHERE (pinned_at IS NOT NULL);
CREATE INDEX index_topics_on_pinned_globally ON topics (pinned_globally) WHERE pinned_globally;
CREATE INDEX index_topics_on_pinned_until ON topics (pinned_until) WHERE (pinned_until IS NOT NULL);
CREATE INDEX index_topics_on_timestamps_private ON topics (bumped_at, created_at, updated_at) WHERE ((deleted_at IS NULL) AND ((archetype) = 'private_message'));
CREATE INDEX index_topics_on_updated_at_public ON topics (updated_at, visible, highest_staff_post_number, highest_post_number, category_id, created_at, id) WHERE (((archetype) <> 'private_message') AND (deleted_at IS NULL));
