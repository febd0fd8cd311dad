-- What a new forum starts with: the ids are Discourse's, clients rely on them. Texts are this project's own.

INSERT INTO ar_internal_metadata (key, value, created_at, updated_at)
VALUES ('environment', 'production', now(), now());

INSERT INTO users (id, username, username_lower, name, created_at, updated_at, active, admin, moderator, approved, trust_level)
VALUES (-1, 'system', 'system', 'system', now(), now(), true, true, true, true, 4);
INSERT INTO user_emails (id, user_id, email, normalized_email, "primary", created_at, updated_at)
VALUES (-1, -1, 'no_email', 'no_email@', true, now(), now());
INSERT INTO user_stats (user_id, new_since) VALUES (-1, now());
INSERT INTO user_profiles (user_id) VALUES (-1);
INSERT INTO user_options (user_id, email_digests, email_level, email_messages_level, like_notification_frequency, enable_quoting)
VALUES (-1, false, 2, 2, 3, false);

INSERT INTO groups (id, name, automatic, visibility_level, messageable_level, default_notification_level, created_at, updated_at)
SELECT id, name, true, visibility_level, messageable_level, default_notification_level, now(), now()
FROM (VALUES
    (0, 'everyone', 3, 0, 3),
    (1, 'admins', 1, 0, 3),
    (2, 'moderators', 1, 99, 2),
    (3, 'staff', 1, 0, 3),
    (10, 'trust_level_0', 1, 0, 3),
    (11, 'trust_level_1', 1, 0, 3),
    (12, 'trust_level_2', 1, 0, 3),
    (13, 'trust_level_3', 1, 0, 3),
    (14, 'trust_level_4', 1, 0, 3)
) AS g (id, name, visibility_level, messageable_level, default_notification_level);
SELECT setval('groups_id_seq', 40);
INSERT INTO group_users (group_id, user_id, created_at, updated_at, notification_level)
SELECT id, -1, now(), now(), default_notification_level FROM groups WHERE id > 0;
UPDATE groups SET user_count = 1 WHERE id >= 10;

INSERT INTO screened_ip_addresses (ip_address, action_type, created_at, updated_at)
SELECT a::inet, 2, now(), now()
FROM unnest(ARRAY['10.0.0.0/8', '192.168.0.0/16', '127.0.0.0/8', '172.16.0.0/12', 'fc00::/7']) AS a;
