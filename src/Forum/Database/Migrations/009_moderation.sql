-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE admin_notices (
    id bigserial PRIMARY KEY,
    subject integer NOT NULL,
    priority integer NOT NULL,
    identifier varchar NOT NULL,
    details json DEFAULT '{}' NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_admin_notices_on_identifier ON admin_notices (identifier);
CREATE INDEX index_admin_notices_on_subject ON admin_notices (subject);

CREATE TABLE badge_groupings (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    description text,
    position integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);

CREATE TABLE badge_types (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_badge_types_on_name ON badge_types (name);

CREATE TABLE badges (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    description text,
    badge_type_id integer NOT NULL,
    grant_count integer DEFAULT 0 NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    allow_title boolean DEFAULT false NOT NULL,
    multiple_grant boolean DEFAULT false NOT NULL,
    icon varchar DEFAULT 'fa-certificate',
    listable boolean DEFAULT true,
    target_posts boolean DEFAULT false,
    query text,
    enabled boolean DEFAULT true NOT NULL,
    auto_revoke boolean DEFAULT true NOT NULL,
    badge_grouping_id integer DEFAULT 5 NOT NULL,
    trigger integer,
    show_posts boolean DEFAULT false NOT NULL,
    system boolean DEFAULT false NOT NULL,
    long_description text,
    image_upload_id integer
);
CREATE INDEX index_badges_on_badge_type_id ON badges (badge_type_id);
CREATE UNIQUE INDEX index_badges_on_name ON badges (name);

CREATE TABLE problem_check_trackers (
    id bigserial PRIMARY KEY,
    identifier varchar NOT NULL,
    blips integer DEFAULT 0 NOT NULL,
    last_run_at timestamp(6),
    next_run_at timestamp(6),
    last_success_at timestamp(6),
    last_problem_at timestamp(6),
    details json DEFAULT '{}',
    target varchar
);
CREATE UNIQUE INDEX index_problem_check_trackers_on_identifier_and_target ON problem_check_trackers (identifier, target);

CREATE TABLE reviewable_claimed_topics (
    id bigserial PRIMARY KEY,
    user_id integer NOT NULL,
    topic_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_reviewable_claimed_topics_on_topic_id ON reviewable_claimed_topics (topic_id);

CREATE TABLE reviewable_histories (
    id bigserial PRIMARY KEY,
    reviewable_id integer NOT NULL,
    reviewable_history_type integer NOT NULL,
    status integer NOT NULL,
    created_by_id integer NOT NULL,
    edited json,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_reviewable_histories_on_created_by_id ON reviewable_histories (created_by_id);
CREATE INDEX index_reviewable_histories_on_reviewable_id ON reviewable_histories (reviewable_id);

CREATE TABLE reviewable_scores (
    id bigserial PRIMARY KEY,
    reviewable_id integer NOT NULL,
    user_id integer NOT NULL,
    reviewable_score_type integer NOT NULL,
    status integer NOT NULL,
    score float8 DEFAULT 0.0 NOT NULL,
    take_action_bonus float8 DEFAULT 0.0 NOT NULL,
    reviewed_by_id integer,
    reviewed_at timestamp,
    meta_topic_id integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    reason varchar,
    user_accuracy_bonus float8 DEFAULT 0.0 NOT NULL
);
CREATE INDEX index_reviewable_scores_on_reviewable_id ON reviewable_scores (reviewable_id);
CREATE INDEX index_reviewable_scores_on_user_id ON reviewable_scores (user_id);

CREATE TABLE reviewables (
    id bigserial PRIMARY KEY,
    type varchar NOT NULL,
    status integer DEFAULT 0 NOT NULL,
    created_by_id integer NOT NULL,
    reviewable_by_moderator boolean DEFAULT false NOT NULL,
    reviewable_by_group_id integer,
    category_id integer,
    topic_id integer,
    score float8 DEFAULT 0.0 NOT NULL,
    potential_spam boolean DEFAULT false NOT NULL,
    target_id integer,
    target_type varchar,
    target_created_by_id integer,
    payload json,
    version integer DEFAULT 0 NOT NULL,
    latest_score timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    force_review boolean DEFAULT false NOT NULL,
    reject_reason text
);
CREATE INDEX idx_reviewables_score_desc_created_at_desc ON reviewables (score DESC, created_at DESC);
CREATE INDEX index_reviewables_on_reviewable_by_group_id ON reviewables (reviewable_by_group_id);
CREATE INDEX index_reviewables_on_status_and_created_at ON reviewables (status, created_at);
CREATE INDEX index_reviewables_on_status_and_score ON reviewables (status, score);
CREATE INDEX index_reviewables_on_status_and_type ON reviewables (status, type);
CREATE INDEX index_reviewables_on_target_id_where_post_type_eq_post ON reviewables (target_id) WHERE ((target_type) = 'Post');
CREATE INDEX index_reviewables_on_topic_id_and_status_and_created_by_id ON reviewables (topic_id, status, created_by_id);
CREATE UNIQUE INDEX index_reviewables_on_type_and_target_id ON reviewables (type, target_id);

CREATE TABLE watched_word_groups (
    id bigserial PRIMARY KEY,
    action integer NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);

CREATE TABLE watched_words (
    id serial PRIMARY KEY,
    word varchar NOT NULL,
    action integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    replacement varchar,
    case_sensitive boolean DEFAULT false NOT NULL,
    watched_word_group_id bigint,
    html boolean DEFAULT false NOT NULL
);
CREATE UNIQUE INDEX index_watched_words_on_action_and_word ON watched_words (action, word);
CREATE INDEX index_watched_words_on_watched_word_group_id ON watched_words (watched_word_group_id);
