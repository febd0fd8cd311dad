-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE categories (
    id serial PRIMARY KEY,
    name varchar(50) NOT NULL,
    color varchar(6) DEFAULT '0088CC' NOT NULL,
    topic_id integer,
    topic_count integer DEFAULT 0 NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    user_id integer NOT NULL,
    topics_year integer DEFAULT 0,
    topics_month integer DEFAULT 0,
    topics_week integer DEFAULT 0,
    slug varchar NOT NULL,
    description text,
    text_color varchar(6) DEFAULT 'FFFFFF' NOT NULL,
    read_restricted boolean DEFAULT false NOT NULL,
    auto_close_hours float8,
    post_count integer DEFAULT 0 NOT NULL,
    latest_post_id integer,
    latest_topic_id integer,
    position integer,
    parent_category_id integer,
    posts_year integer DEFAULT 0,
    posts_month integer DEFAULT 0,
    posts_week integer DEFAULT 0,
    email_in varchar,
    email_in_allow_strangers boolean DEFAULT false,
    topics_day integer DEFAULT 0,
    posts_day integer DEFAULT 0,
    allow_badges boolean DEFAULT true NOT NULL,
    name_lower varchar(50) NOT NULL,
    auto_close_based_on_last_post boolean DEFAULT false,
    topic_template text,
    contains_messages boolean,
    sort_order varchar,
    sort_ascending boolean,
    uploaded_logo_id integer,
    uploaded_background_id integer,
    topic_featured_link_allowed boolean DEFAULT true,
    all_topics_wiki boolean DEFAULT false NOT NULL,
    show_subcategory_list boolean DEFAULT false,
    num_featured_topics integer DEFAULT 3,
    default_view varchar(50),
    subcategory_list_style varchar(50) DEFAULT 'rows_with_featured_topics',
    default_top_period varchar(20) DEFAULT 'all',
    mailinglist_mirror boolean DEFAULT false NOT NULL,
    minimum_required_tags integer DEFAULT 0 NOT NULL,
    navigate_to_first_post_after_read boolean DEFAULT false NOT NULL,
    search_priority integer DEFAULT 0,
    allow_global_tags boolean DEFAULT false NOT NULL,
    reviewable_by_group_id integer,
    read_only_banner varchar,
    default_list_filter varchar(20) DEFAULT 'all',
    allow_unlimited_owner_edits_on_first_post boolean DEFAULT false NOT NULL,
    default_slow_mode_seconds integer,
    uploaded_logo_dark_id integer,
    uploaded_background_dark_id integer
);
CREATE UNIQUE INDEX index_categories_on_email_in ON categories (email_in);
CREATE INDEX index_categories_on_reviewable_by_group_id ON categories (reviewable_by_group_id);
CREATE INDEX index_categories_on_search_priority ON categories (search_priority);
CREATE INDEX index_categories_on_topic_count ON categories (topic_count);
CREATE UNIQUE INDEX unique_index_categories_on_name ON categories (COALESCE(parent_category_id, '-1'::integer), name);
CREATE UNIQUE INDEX unique_index_categories_on_slug ON categories (COALESCE(parent_category_id, '-1'::integer), lower((slug))) WHERE ((slug) <> '');

CREATE TABLE categories_web_hooks (
    web_hook_id integer NOT NULL,
    category_id integer NOT NULL
);
CREATE UNIQUE INDEX index_categories_web_hooks_on_web_hook_id_and_category_id ON categories_web_hooks (web_hook_id, category_id);

CREATE TABLE category_custom_fields (
    id serial PRIMARY KEY,
    category_id integer NOT NULL,
    name varchar(256) NOT NULL,
    value text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_category_custom_fields_on_category_id_and_name ON category_custom_fields (category_id, name);

CREATE TABLE category_featured_topics (
    category_id integer NOT NULL,
    topic_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    rank integer DEFAULT 0 NOT NULL,
    id serial PRIMARY KEY
);
CREATE UNIQUE INDEX cat_featured_threads ON category_featured_topics (category_id, topic_id);
CREATE INDEX index_category_featured_topics_on_category_id_and_rank ON category_featured_topics (category_id, rank);

CREATE TABLE category_form_templates (
    id bigserial PRIMARY KEY,
    category_id bigint NOT NULL,
    form_template_id bigint NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_category_form_templates_on_category_id ON category_form_templates (category_id);
CREATE INDEX index_category_form_templates_on_form_template_id ON category_form_templates (form_template_id);

CREATE TABLE category_groups (
    id serial PRIMARY KEY,
    category_id integer NOT NULL,
    group_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    permission_type integer DEFAULT 1
);
CREATE INDEX index_category_groups_on_group_id ON category_groups (group_id);

CREATE TABLE category_required_tag_groups (
    id bigserial PRIMARY KEY,
    category_id bigint NOT NULL,
    tag_group_id bigint NOT NULL,
    min_count integer DEFAULT 1 NOT NULL,
    "order" integer DEFAULT 1 NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX idx_category_required_tag_groups ON category_required_tag_groups (category_id, tag_group_id);

CREATE TABLE category_search_data (
    category_id integer NOT NULL,
    search_data tsvector,
    raw_data text,
    locale text,
    version integer DEFAULT 0,
    CONSTRAINT categories_search_pkey PRIMARY KEY (category_id)
);
CREATE INDEX idx_search_category ON category_search_data USING gin (search_data);

CREATE TABLE category_settings (
    id bigserial PRIMARY KEY,
    category_id bigint NOT NULL,
    require_topic_approval boolean DEFAULT false,
    require_reply_approval boolean DEFAULT false,
    num_auto_bump_daily integer DEFAULT 0,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    auto_bump_cooldown_days integer DEFAULT 1
);
CREATE UNIQUE INDEX index_category_settings_on_category_id ON category_settings (category_id);

CREATE TABLE category_tag_groups (
    id serial PRIMARY KEY,
    category_id integer NOT NULL,
    tag_group_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX idx_category_tag_groups_ix1 ON category_tag_groups (category_id, tag_group_id);

CREATE TABLE category_tag_stats (
    id bigserial PRIMARY KEY,
    category_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    topic_count integer DEFAULT 0 NOT NULL
);
CREATE INDEX index_category_tag_stats_on_category_id ON category_tag_stats (category_id);
CREATE UNIQUE INDEX index_category_tag_stats_on_category_id_and_tag_id ON category_tag_stats (category_id, tag_id);
CREATE INDEX index_category_tag_stats_on_category_id_and_topic_count ON category_tag_stats (category_id, topic_count);
CREATE INDEX index_category_tag_stats_on_tag_id ON category_tag_stats (tag_id);

CREATE TABLE category_tags (
    id serial PRIMARY KEY,
    category_id integer NOT NULL,
    tag_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX idx_category_tags_ix1 ON category_tags (category_id, tag_id);
CREATE UNIQUE INDEX idx_category_tags_ix2 ON category_tags (tag_id, category_id);

CREATE TABLE category_users (
    id serial PRIMARY KEY,
    category_id integer NOT NULL,
    user_id integer NOT NULL,
    notification_level integer NOT NULL,
    last_seen_at timestamp
);
CREATE UNIQUE INDEX idx_category_users_category_id_user_id ON category_users (category_id, user_id);
CREATE UNIQUE INDEX idx_category_users_user_id_category_id ON category_users (user_id, category_id);
CREATE INDEX index_category_users_on_category_id_and_notification_level ON category_users (category_id, notification_level);
CREATE INDEX index_category_users_on_user_id_and_last_seen_at ON category_users (user_id, last_seen_at);

CREATE TABLE form_templates (
    id bigserial PRIMARY KEY,
    name varchar(100) NOT NULL,
    template text NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_form_templates_on_name ON form_templates (name);
