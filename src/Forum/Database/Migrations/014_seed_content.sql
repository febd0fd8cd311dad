-- The first categories, each with the topic that describes it, and the pages that settings point to.

INSERT INTO categories (id, name, name_lower, slug, color, text_color, user_id, position, topic_id, description, read_restricted, created_at, updated_at)
VALUES
    (1, 'Uncategorized', 'uncategorized', 'uncategorized', '0088CC', 'FFFFFF', -1, 0, NULL, NULL, false, now(), now()),
    (2, 'Site Feedback', 'site feedback', 'site-feedback', '808281', 'FFFFFF', -1, 1, 1, 'Discussion about this site: how it is organized, how it works, and how it could be better.', false, now(), now()),
    (3, 'Staff', 'staff', 'staff', 'E45735', 'FFFFFF', -1, 2, 2, 'A private category for staff. Topics here are visible to admins and moderators only.', true, now(), now()),
    (4, 'General', 'general', 'general', '25AAE2', 'FFFFFF', -1, 3, 3, 'Topics that fit in no other category.', false, now(), now());
SELECT setval('categories_id_seq', 4);
INSERT INTO category_groups (category_id, group_id, permission_type, created_at, updated_at) VALUES (3, 3, 1, now(), now());
INSERT INTO category_settings (category_id, created_at, updated_at) SELECT id, now(), now() FROM categories ORDER BY id;

INSERT INTO topics (id, title, fancy_title, slug, category_id, user_id, last_post_user_id, posts_count, highest_post_number,
    highest_staff_post_number, word_count, excerpt, bumped_at, last_posted_at, created_at, updated_at)
SELECT id, title, title, slug, category_id, -1, -1, 1, 1, 1, array_length(string_to_array(body, ' '), 1), left(body, 220),
    now(), now(), now(), now()
FROM (VALUES
    (1, 'About the Site Feedback category', 'about-the-site-feedback-category', 2, 'Discussion about this site: how it is organized, how it works, and how it could be better.'),
    (2, 'About the Staff category', 'about-the-staff-category', 3, 'A private category for staff. Topics here are visible to admins and moderators only.'),
    (3, 'About the General category', 'about-the-general-category', 4, 'Topics that fit in no other category.'),
    (4, 'FAQ/Guidelines', 'faq-guidelines', 3, 'Treat each other with respect, stay on the topic, share what you know, and flag what does not belong here. Staff can edit this page to state the rules of this community.'),
    (5, 'Welcome to our community!', 'welcome-to-our-community', 4, 'We are glad that you are here. Introduce yourself in a reply, look around the categories, and start a topic when you have something to ask or to share.'),
    (6, 'Admin Guide: Getting Started', 'admin-guide-getting-started', 3, 'You are an admin of this forum. Set its title and description in the site settings, create the categories that your community needs, and invite the first members.')
) AS t (id, title, slug, category_id, body);
SELECT setval('topics_id_seq', 6);
INSERT INTO posts (id, topic_id, user_id, post_number, sort_order, raw, cooked, word_count, last_editor_id, baked_at, baked_version,
    last_version_at, created_at, updated_at)
SELECT id, id, -1, 1, 1, excerpt, '<p>' || excerpt || '</p>', word_count, -1, now(), 2, now(), now(), now() FROM topics ORDER BY id;
SELECT setval('posts_id_seq', 6);
UPDATE topics SET pinned_at = now(), pinned_globally = id = 5 WHERE id IN (1, 2, 3, 5);
UPDATE categories SET topic_count = 1, latest_topic_id = 5, latest_post_id = 5 WHERE id = 4;
UPDATE categories SET topic_count = 2, latest_topic_id = 6, latest_post_id = 6 WHERE id = 3;
UPDATE user_stats SET topic_count = 3, first_post_created_at = now() WHERE user_id = -1;

INSERT INTO topic_users (user_id, topic_id, posted, last_read_post_number, notification_level, notifications_reason_id, last_posted_at)
SELECT -1, id, true, 1, 3, 1, now() FROM topics;
INSERT INTO post_search_data (post_id, search_data, raw_data, locale, version, private_message)
SELECT p.id, setweight(to_tsvector('english', t.title), 'A') || setweight(to_tsvector('english', c.name), 'B')
    || setweight(to_tsvector('english', p.raw), 'D'), p.raw, 'en', 5, false
FROM posts p JOIN topics t ON t.id = p.topic_id JOIN categories c ON c.id = t.category_id;
INSERT INTO topic_search_data (topic_id, search_data, raw_data, locale, version)
SELECT t.id, setweight(to_tsvector('english', t.title), 'A') || setweight(to_tsvector('english', p.raw), 'B'), t.title, 'en', 4
FROM posts p JOIN topics t ON t.id = p.topic_id;
INSERT INTO category_search_data (category_id, search_data, raw_data, locale, version)
SELECT id, setweight(to_tsvector('english', name), 'A'), name, 'en', 3 FROM categories;

INSERT INTO site_settings (name, data_type, value, created_at, updated_at)
VALUES
    ('uncategorized_category_id', 3, '1', now(), now()),
    ('meta_category_id', 3, '2', now(), now()),
    ('staff_category_id', 3, '3', now(), now()),
    ('general_category_id', 3, '4', now(), now()),
    ('default_navigation_menu_categories', 11, '2|3|4', now(), now()),
    ('default_composer_category', 16, '4', now(), now()),
    ('default_theme_id', 3, '1', now(), now()),
    ('default_dark_mode_color_scheme_id', 7, '1', now(), now()),
    ('guidelines_topic_id', 3, '4', now(), now()),
    ('welcome_topic_id', 3, '5', now(), now()),
    ('admin_quick_start_topic_id', 3, '6', now(), now()),
    ('has_login_hint', 5, 't', now(), now());
