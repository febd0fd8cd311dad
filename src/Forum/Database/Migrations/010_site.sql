-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE application_requests (
    id serial PRIMARY KEY,
    date date NOT NULL,
    req_type integer NOT NULL,
    count integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_application_requests_on_date_and_req_type ON application_requests (date, req_type);

CREATE TABLE backup_metadata (
    id bigserial PRIMARY KEY,
    name varchar NOT NULL,
    value varchar
);

CREATE TABLE calendar_events (
    id bigserial PRIMARY KEY,
    topic_id integer NOT NULL,
    post_id integer,
    post_number integer,
    user_id integer,
    username varchar,
    description varchar,
    start_date timestamp NOT NULL,
    end_date timestamp,
    recurrence varchar,
    region varchar,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    timezone varchar
);
CREATE INDEX index_calendar_events_on_post_id ON calendar_events (post_id);
CREATE INDEX index_calendar_events_on_topic_id ON calendar_events (topic_id);
CREATE INDEX index_calendar_events_on_user_id ON calendar_events (user_id);

CREATE TABLE child_themes (
    id serial PRIMARY KEY,
    parent_theme_id integer,
    child_theme_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_child_themes_on_child_theme_id_and_parent_theme_id ON child_themes (child_theme_id, parent_theme_id);
CREATE UNIQUE INDEX index_child_themes_on_parent_theme_id_and_child_theme_id ON child_themes (parent_theme_id, child_theme_id);

CREATE TABLE color_scheme_colors (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    hex varchar NOT NULL,
    color_scheme_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_color_scheme_colors_on_color_scheme_id ON color_scheme_colors (color_scheme_id);

CREATE TABLE color_schemes (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    via_wizard boolean DEFAULT false NOT NULL,
    base_scheme_id varchar,
    theme_id integer,
    user_selectable boolean DEFAULT false NOT NULL
);

CREATE TABLE discourse_calendar_disabled_holidays (
    id bigserial PRIMARY KEY,
    holiday_name varchar NOT NULL,
    region_code varchar NOT NULL,
    disabled boolean DEFAULT true NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_disabled_holidays_on_holiday_name_and_region_code ON discourse_calendar_disabled_holidays (holiday_name, region_code);

CREATE TABLE discourse_calendar_post_event_dates (
    id bigserial PRIMARY KEY,
    event_id integer,
    starts_at timestamp,
    ends_at timestamp,
    reminder_counter integer DEFAULT 0,
    event_will_start_sent_at timestamp,
    event_started_sent_at timestamp,
    finished_at timestamp,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_discourse_calendar_post_event_dates_on_event_id ON discourse_calendar_post_event_dates (event_id);
CREATE INDEX index_discourse_calendar_post_event_dates_on_finished_at ON discourse_calendar_post_event_dates (finished_at);

CREATE TABLE discourse_post_event_events (
    id bigserial PRIMARY KEY,
    status integer DEFAULT 0 NOT NULL,
    original_starts_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
    original_ends_at timestamp,
    deleted_at timestamp,
    raw_invitees varchar[],
    name varchar,
    url varchar(1000),
    custom_fields jsonb DEFAULT '{}' NOT NULL,
    reminders varchar,
    recurrence varchar,
    timezone varchar,
    minimal boolean,
    closed boolean DEFAULT false NOT NULL
);

CREATE TABLE discourse_post_event_invitees (
    id bigserial PRIMARY KEY,
    post_id integer NOT NULL,
    user_id integer NOT NULL,
    status integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    notified boolean DEFAULT false NOT NULL
);
CREATE UNIQUE INDEX discourse_post_event_invitees_post_id_user_id_idx ON discourse_post_event_invitees (post_id, user_id);

CREATE TABLE javascript_caches (
    id bigserial PRIMARY KEY,
    theme_field_id bigint,
    digest varchar,
    content text NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    theme_id bigint,
    source_map text,
    CONSTRAINT enforce_theme_or_theme_field CHECK ((((theme_id IS NOT NULL) AND (theme_field_id IS NULL)) OR ((theme_id IS NULL) AND (theme_field_id IS NOT NULL))))
);
CREATE INDEX index_javascript_caches_on_digest ON javascript_caches (digest);
CREATE UNIQUE INDEX index_javascript_caches_on_theme_field_id ON javascript_caches (theme_field_id);
CREATE UNIQUE INDEX index_javascript_caches_on_theme_id ON javascript_caches (theme_id);

CREATE TABLE plugin_store_rows (
    id serial PRIMARY KEY,
    plugin_name varchar NOT NULL,
    key varchar NOT NULL,
    type_name varchar NOT NULL,
    value text
);
CREATE UNIQUE INDEX index_plugin_store_rows_on_plugin_name_and_key ON plugin_store_rows (plugin_name, key);

CREATE TABLE redelivering_webhook_events (
    id bigserial PRIMARY KEY,
    web_hook_event_id bigint NOT NULL,
    processing boolean DEFAULT false NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_redelivering_webhook_events_on_web_hook_event_id ON redelivering_webhook_events (web_hook_event_id);

CREATE TABLE remote_themes (
    id serial PRIMARY KEY,
    remote_url varchar NOT NULL,
    remote_version varchar,
    local_version varchar,
    about_url varchar,
    license_url varchar,
    commits_behind integer,
    remote_updated_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    private_key text,
    branch varchar,
    last_error_text text,
    authors varchar,
    theme_version varchar,
    minimum_discourse_version varchar,
    maximum_discourse_version varchar
);

CREATE TABLE scheduler_stats (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    hostname varchar NOT NULL,
    pid integer NOT NULL,
    duration_ms integer,
    live_slots_start integer,
    live_slots_finish integer,
    started_at timestamp NOT NULL,
    success boolean,
    error text
);

CREATE TABLE search_logs (
    id serial PRIMARY KEY,
    term varchar NOT NULL,
    user_id integer,
    ip_address inet,
    search_result_id integer,
    search_type integer NOT NULL,
    created_at timestamp NOT NULL,
    search_result_type integer,
    user_agent varchar(2000)
);
CREATE INDEX index_search_logs_on_created_at ON search_logs (created_at);
CREATE INDEX index_search_logs_on_user_id_and_created_at ON search_logs (user_id, created_at) WHERE (user_id IS NOT NULL);

CREATE TABLE sidebar_section_links (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    linkable_id integer NOT NULL,
    linkable_type varchar NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    sidebar_section_id integer,
    position integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX idx_sidebar_section_links_on_sidebar_section_id ON sidebar_section_links (sidebar_section_id, user_id, "position");
CREATE UNIQUE INDEX idx_unique_sidebar_section_links ON sidebar_section_links (user_id, linkable_type, linkable_id);
CREATE INDEX index_sidebar_section_links_on_linkable_type_and_linkable_id ON sidebar_section_links (linkable_type, linkable_id);

CREATE TABLE sidebar_sections (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    title varchar(30) NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    public boolean DEFAULT false NOT NULL,
    section_type integer
);
CREATE UNIQUE INDEX index_sidebar_sections_on_section_type ON sidebar_sections (section_type);
CREATE UNIQUE INDEX index_sidebar_sections_on_user_id_and_title ON sidebar_sections (user_id, title);

CREATE TABLE sidebar_urls (
    id bigserial PRIMARY KEY,
    name varchar(80) NOT NULL,
    value varchar(1000) NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    icon varchar(40) NOT NULL,
    external boolean DEFAULT false NOT NULL,
    segment integer DEFAULT 0 NOT NULL
);

CREATE TABLE site_settings (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    data_type integer NOT NULL,
    value text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_site_settings_on_name ON site_settings (name);

CREATE TABLE sitemaps (
    id bigserial PRIMARY KEY,
    name varchar NOT NULL,
    last_posted_at timestamp NOT NULL,
    enabled boolean DEFAULT true NOT NULL
);
CREATE UNIQUE INDEX index_sitemaps_on_name ON sitemaps (name);

CREATE TABLE stylesheet_cache (
    id serial PRIMARY KEY,
    target varchar NOT NULL,
    digest varchar NOT NULL,
    content text NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    theme_id integer DEFAULT -1 NOT NULL,
    source_map text
);
CREATE UNIQUE INDEX index_stylesheet_cache_on_target_and_digest ON stylesheet_cache (target, digest);

CREATE TABLE theme_fields (
    id serial PRIMARY KEY,
    theme_id integer NOT NULL,
    target_id integer NOT NULL,
    name varchar(255) NOT NULL,
    value text NOT NULL,
    value_baked text,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    compiler_version varchar(50) DEFAULT 0 NOT NULL,
    error varchar,
    upload_id integer,
    type_id integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX theme_field_unique_index ON theme_fields (theme_id, target_id, type_id, name);

CREATE TABLE theme_modifier_sets (
    id bigserial PRIMARY KEY,
    theme_id bigint NOT NULL,
    serialize_topic_excerpts boolean,
    csp_extensions varchar[],
    svg_icons varchar[],
    topic_thumbnail_sizes varchar[],
    custom_homepage boolean
);
CREATE UNIQUE INDEX index_theme_modifier_sets_on_theme_id ON theme_modifier_sets (theme_id);

CREATE TABLE theme_settings (
    id bigserial PRIMARY KEY,
    name varchar(255) NOT NULL,
    data_type integer NOT NULL,
    value text,
    theme_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    json_value jsonb
);

CREATE TABLE theme_translation_overrides (
    id bigserial PRIMARY KEY,
    theme_id integer NOT NULL,
    locale varchar NOT NULL,
    translation_key varchar NOT NULL,
    value varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_theme_translation_overrides_on_theme_id ON theme_translation_overrides (theme_id);
CREATE UNIQUE INDEX theme_translation_overrides_unique ON theme_translation_overrides (theme_id, locale, translation_key);

CREATE TABLE themes (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    compiler_version integer DEFAULT 0 NOT NULL,
    user_selectable boolean DEFAULT false NOT NULL,
    hidden boolean DEFAULT false NOT NULL,
    color_scheme_id integer,
    remote_theme_id integer,
    component boolean DEFAULT false NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    auto_update boolean DEFAULT true NOT NULL
);
CREATE UNIQUE INDEX index_themes_on_remote_theme_id ON themes (remote_theme_id);

CREATE TABLE translation_overrides (
    id serial PRIMARY KEY,
    locale varchar NOT NULL,
    translation_key varchar NOT NULL,
    value varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    compiled_js text,
    original_translation text,
    status integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_translation_overrides_on_locale_and_translation_key ON translation_overrides (locale, translation_key);

CREATE TABLE web_crawler_requests (
    id bigserial PRIMARY KEY,
    date date NOT NULL,
    user_agent varchar NOT NULL,
    count integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_web_crawler_requests_on_date_and_user_agent ON web_crawler_requests (date, user_agent);

CREATE TABLE web_hook_event_types (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    "group" integer
);

CREATE TABLE web_hook_event_types_hooks (
    web_hook_id integer NOT NULL,
    web_hook_event_type_id integer NOT NULL
);
CREATE UNIQUE INDEX idx_web_hook_event_types_hooks_on_ids ON web_hook_event_types_hooks (web_hook_event_type_id, web_hook_id);

CREATE TABLE web_hook_events (
    id serial PRIMARY KEY,
    web_hook_id integer NOT NULL,
    headers varchar,
    payload text,
    status integer DEFAULT 0,
    response_headers varchar,
    response_body text,
    duration integer DEFAULT 0,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_web_hook_events_on_web_hook_id ON web_hook_events (web_hook_id);

CREATE TABLE web_hook_events_daily_aggregates (
    id bigserial PRIMARY KEY,
    web_hook_id bigint NOT NULL,
    date date,
    successful_event_count integer,
    failed_event_count integer,
    mean_duration integer DEFAULT 0,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_web_hook_events_daily_aggregates_on_web_hook_id ON web_hook_events_daily_aggregates (web_hook_id);

CREATE TABLE web_hooks (
    id serial PRIMARY KEY,
    payload_url varchar NOT NULL,
    content_type integer DEFAULT 1 NOT NULL,
    last_delivery_status integer DEFAULT 1 NOT NULL,
    status integer DEFAULT 1 NOT NULL,
    secret varchar DEFAULT '',
    wildcard_web_hook boolean DEFAULT false NOT NULL,
    verify_certificate boolean DEFAULT true NOT NULL,
    active boolean DEFAULT false NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
