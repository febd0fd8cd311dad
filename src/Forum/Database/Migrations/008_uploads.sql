-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

CREATE TABLE custom_emojis (
    id serial PRIMARY KEY,
    name varchar NOT NULL,
    upload_id integer NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    "group" varchar(20),
    user_id integer DEFAULT -1 NOT NULL
);
CREATE UNIQUE INDEX index_custom_emojis_on_name ON custom_emojis (name);

CREATE TABLE external_upload_stubs (
    id bigserial PRIMARY KEY,
    key varchar NOT NULL,
    original_filename varchar NOT NULL,
    status integer DEFAULT 1 NOT NULL,
    unique_identifier uuid NOT NULL,
    created_by_id integer NOT NULL,
    upload_type varchar NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL,
    multipart boolean DEFAULT false NOT NULL,
    external_upload_identifier varchar,
    filesize bigint NOT NULL
);
CREATE INDEX index_external_upload_stubs_on_created_by_id ON external_upload_stubs (created_by_id);
CREATE INDEX index_external_upload_stubs_on_external_upload_identifier ON external_upload_stubs (external_upload_identifier);
CREATE UNIQUE INDEX index_external_upload_stubs_on_key ON external_upload_stubs (key);
CREATE INDEX index_external_upload_stubs_on_status ON external_upload_stubs (status);

CREATE TABLE optimized_images (
    id serial PRIMARY KEY,
    sha1 varchar(40) NOT NULL,
    extension varchar(10) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    upload_id integer NOT NULL,
    url varchar NOT NULL,
    filesize integer,
    etag varchar,
    version integer,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX index_optimized_images_on_etag ON optimized_images (etag);
CREATE INDEX index_optimized_images_on_upload_id ON optimized_images (upload_id);
CREATE UNIQUE INDEX index_optimized_images_on_upload_id_and_width_and_height ON optimized_images (upload_id, width, height);

CREATE TABLE upload_references (
    id bigserial PRIMARY KEY,
    upload_id bigint NOT NULL,
    target_type varchar NOT NULL,
    target_id bigint NOT NULL,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_upload_references_on_target ON upload_references (target_type, target_id);
CREATE UNIQUE INDEX index_upload_references_on_upload_and_target ON upload_references (upload_id, target_type, target_id);
CREATE INDEX index_upload_references_on_upload_id ON upload_references (upload_id);

CREATE TABLE uploads (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    original_filename varchar NOT NULL,
    filesize bigint NOT NULL,
    width integer,
    height integer,
    url varchar NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    sha1 varchar(40),
    origin varchar(1000),
    retain_hours integer,
    extension varchar(10),
    thumbnail_width integer,
    thumbnail_height integer,
    etag varchar,
    secure boolean DEFAULT false NOT NULL,
    access_control_post_id bigint,
    original_sha1 varchar,
    animated boolean,
    verification_status integer DEFAULT 1 NOT NULL,
    security_last_changed_at timestamp,
    security_last_changed_reason varchar,
    dominant_color text
);
CREATE INDEX idx_uploads_on_verification_status ON uploads (verification_status);
CREATE INDEX index_uploads_on_access_control_post_id ON uploads (access_control_post_id);
CREATE INDEX index_uploads_on_etag ON uploads (etag);
CREATE INDEX index_uploads_on_extension ON uploads (lower((extension)));
CREATE INDEX index_uploads_on_id ON uploads (id) WHERE (dominant_color IS NULL);
CREATE INDEX index_uploads_on_id_and_url ON uploads (id, url);
CREATE INDEX index_uploads_on_original_sha1 ON uploads (original_sha1);
CREATE UNIQUE INDEX index_uploads_on_sha1 ON uploads (sha1);
CREATE INDEX index_uploads_on_url ON uploads (url);
CREATE INDEX index_uploads_on_user_id ON uploads (user_id);
