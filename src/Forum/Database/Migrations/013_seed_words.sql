-- The words that posts and members are judged in: likes and flags, badges, the columns of the directory, hook events.

INSERT INTO post_action_types (id, name_key, is_flag, icon, position, created_at, updated_at)
SELECT id, name_key, is_flag, icon, position, now(), now()
FROM (VALUES
    (2, 'like', false, 'heart', 2),
    (3, 'off_topic', true, NULL, 3),
    (4, 'inappropriate', true, NULL, 4),
    (6, 'notify_user', true, NULL, 7),
    (7, 'notify_moderators', true, NULL, 8),
    (8, 'spam', true, NULL, 6)
) AS t (id, name_key, is_flag, icon, position);
SELECT setval('post_action_types_id_seq', 10);

INSERT INTO flags (id, name, name_key, notify_type, auto_action_type, applies_to, position, score_type, require_message, created_at, updated_at)
SELECT id, name_key, name_key, notify_type, auto_action_type, applies_to::varchar[], position, score_type, require_message, now(), now()
FROM (VALUES
    (6, 'notify_user', false, false, '{Post,Chat::Message}', 1, false, true),
    (3, 'off_topic', true, true, '{Post,Chat::Message}', 2, false, false),
    (4, 'inappropriate', true, true, '{Post,Topic,Chat::Message}', 3, false, false),
    (8, 'spam', true, true, '{Post,Topic,Chat::Message}', 4, false, false),
    (10, 'illegal', true, false, '{Post,Topic,Chat::Message}', 5, false, true),
    (7, 'notify_moderators', true, false, '{Post,Topic,Chat::Message}', 6, false, true),
    (9, 'needs_approval', false, false, '{}', 7, true, false)
) AS f (id, name_key, notify_type, auto_action_type, applies_to, position, score_type, require_message);
SELECT setval('flags_id_seq', 1000);

INSERT INTO badge_types (id, name, created_at, updated_at)
VALUES (1, 'Gold', now(), now()), (2, 'Silver', now(), now()), (3, 'Bronze', now(), now());
SELECT setval('badge_types_id_seq', 3);

INSERT INTO badge_groupings (id, name, position, created_at, updated_at)
SELECT id, name, position, now(), now()
FROM (VALUES
    (1, 'Getting Started', 10),
    (2, 'Community', 11),
    (3, 'Posting', 12),
    (4, 'Trust Level', 13),
    (5, 'Other', 14)
) AS g (id, name, position);
SELECT setval('badge_groupings_id_seq', 5);

INSERT INTO badges (id, name, badge_type_id, allow_title, multiple_grant, icon, target_posts, auto_revoke, badge_grouping_id, trigger, show_posts, enabled, listable, system, created_at, updated_at)
SELECT id, name, badge_type_id, allow_title, multiple_grant, icon, target_posts, auto_revoke, badge_grouping_id, trigger, show_posts, true, true, true, now(), now()
FROM (VALUES
    (1, 'Basic User', 3, false, false, 'fa-user', false, true, 4, 4, false),
    (2, 'Member', 3, false, false, 'fa-user', false, true, 4, 4, false),
    (3, 'Regular', 2, true, false, 'fa-user', false, true, 4, 4, false),
    (4, 'Leader', 1, true, false, 'fa-user', false, true, 4, 4, false),
    (5, 'Welcome', 3, false, false, 'heart', true, true, 2, 1, true),
    (6, 'Nice Post', 3, false, true, 'reply', true, true, 3, 1, true),
    (7, 'Good Post', 2, false, true, 'reply', true, true, 3, 1, true),
    (8, 'Great Post', 1, false, true, 'reply', true, true, 3, 1, true),
    (9, 'Autobiographer', 3, false, false, 'user-edit', false, true, 1, 8, false),
    (10, 'Editor', 3, false, false, 'pen', false, true, 1, 2, false),
    (11, 'First Like', 3, false, false, 'heart', true, true, 1, 1, true),
    (12, 'First Share', 3, false, false, 'share-alt', true, true, 1, 0, true),
    (13, 'First Flag', 3, false, false, 'flag', true, false, 1, 1, false),
    (14, 'First Link', 3, false, false, 'link', true, true, 1, 2, true),
    (15, 'First Quote', 3, false, false, 'quote-right', true, true, 1, 2, true),
    (16, 'Read Guidelines', 3, false, false, 'file-alt', false, true, 1, 8, false),
    (17, 'Reader', 3, false, false, 'book-reader', false, false, 1, NULL, false),
    (18, 'Nice Topic', 3, false, true, 'file-signature', true, true, 3, 1, true),
    (19, 'Good Topic', 2, false, true, 'file-signature', true, true, 3, 1, true),
    (20, 'Great Topic', 1, false, true, 'file-signature', true, true, 3, 1, true),
    (21, 'Nice Share', 3, false, true, 'share-alt', true, true, 2, 0, true),
    (22, 'Good Share', 2, false, true, 'share-alt', true, true, 2, 0, true),
    (23, 'Great Share', 1, false, true, 'share-alt', true, true, 2, 0, true),
    (24, 'Anniversary', 2, false, true, 'birthday-cake', false, false, 2, 0, false),
    (25, 'Promoter', 3, false, false, 'fa-user-plus', false, true, 2, 0, false),
    (26, 'Campaigner', 2, false, false, 'fa-user-plus', false, true, 2, 0, false),
    (27, 'Champion', 1, false, false, 'fa-user-plus', false, true, 2, 0, false),
    (28, 'Popular Link', 3, false, true, 'link', true, true, 3, 0, true),
    (29, 'Hot Link', 2, false, true, 'link', true, true, 3, 0, true),
    (30, 'Famous Link', 1, false, true, 'link', true, true, 3, 0, true),
    (31, 'Admired', 1, false, false, 'fa-heart', false, false, 2, 0, false),
    (32, 'Gives Back', 2, false, false, 'fa-heart', false, false, 2, 0, false),
    (33, 'Out of Love', 3, false, false, 'fa-heart', false, false, 2, 0, false),
    (34, 'Higher Love', 2, false, false, 'fa-heart', false, false, 2, 0, false),
    (35, 'Crazy in Love', 1, false, false, 'fa-heart', false, false, 2, 0, false),
    (36, 'Appreciated', 3, false, false, 'fa-heart', false, false, 2, 0, false),
    (37, 'Respected', 2, false, false, 'fa-heart', false, false, 2, 0, false),
    (38, 'Thank You', 3, false, false, 'fa-heart', false, false, 2, 0, false),
    (39, 'Empathetic', 1, false, false, 'fa-heart', false, false, 2, 0, false),
    (40, 'First Mention', 3, false, false, 'at', true, true, 1, 2, true),
    (41, 'First Emoji', 3, false, false, 'smile', true, true, 1, 0, true),
    (42, 'First Onebox', 3, false, false, 'cube', true, true, 1, 0, true),
    (43, 'First Reply By Email', 3, false, false, 'envelope', true, true, 1, 0, true),
    (44, 'New User of the Month', 3, false, false, 'medal', false, true, 1, 0, false),
    (45, 'Enthusiast', 3, false, false, 'far-eye', false, false, 2, 0, false),
    (46, 'Aficionado', 2, false, false, 'far-eye', false, false, 2, 0, false),
    (47, 'Devotee', 1, false, false, 'far-eye', false, false, 2, 0, false),
    (48, 'Wiki Editor', 3, false, false, 'far-edit', true, true, 1, 2, false)
) AS b (id, name, badge_type_id, allow_title, multiple_grant, icon, target_posts, auto_revoke, badge_grouping_id, trigger, show_posts);
SELECT setval('badges_id_seq', 105);

INSERT INTO directory_columns (id, name, automatic_position, icon, enabled, position, type, created_at)
SELECT id, name, automatic_position, icon, true, position, 0, now()
FROM (VALUES
    (1, 'likes_received', 1, 'heart', 1),
    (2, 'likes_given', 2, 'heart', 2),
    (3, 'topic_count', 3, NULL, 3),
    (4, 'post_count', 4, NULL, 4),
    (5, 'topics_entered', 5, NULL, 5),
    (6, 'posts_read', 6, NULL, 6),
    (7, 'days_visited', 7, NULL, 7)
) AS c (id, name, automatic_position, icon, position);
SELECT setval('directory_columns_id_seq', 7);

INSERT INTO web_hook_event_types (id, name, "group")
VALUES
    (101, 'topic_created', 0),
    (102, 'topic_revised', 0),
    (103, 'topic_edited', 0),
    (104, 'topic_destroyed', 0),
    (105, 'topic_recovered', 0),
    (201, 'post_created', 1),
    (202, 'post_edited', 1),
    (203, 'post_destroyed', 1),
    (204, 'post_recovered', 1),
    (301, 'user_logged_in', 2),
    (302, 'user_logged_out', 2),
    (303, 'user_confirmed_email', 2),
    (304, 'user_created', 2),
    (305, 'user_approved', 2),
    (306, 'user_updated', 2),
    (307, 'user_destroyed', 2),
    (308, 'user_suspended', 2),
    (309, 'user_unsuspended', 2),
    (401, 'group_created', 3),
    (402, 'group_updated', 3),
    (403, 'group_destroyed', 3),
    (501, 'category_created', 4),
    (502, 'category_updated', 4),
    (503, 'category_destroyed', 4),
    (601, 'tag_created', 5),
    (602, 'tag_updated', 5),
    (603, 'tag_destroyed', 5),
    (901, 'reviewable_created', 6),
    (902, 'reviewable_updated', 6),
    (1001, 'notification_created', 7),
    (1101, 'accepted_solution', 8),
    (1102, 'unaccepted_solution', 8),
    (1201, 'assigned', 9),
    (1202, 'unassigned', 9),
    (1301, 'user_badge_granted', 10),
    (1302, 'user_badge_revoked', 10),
    (1401, 'user_added_to_group', 11),
    (1402, 'user_removed_from_group', 11),
    (1501, 'post_liked', 12),
    (1601, 'user_promoted', 13),
    (1701, 'topic_upvote', 14),
    (1702, 'topic_unvote', 14);

INSERT INTO themes (id, name, user_id, created_at, updated_at) VALUES (1, 'Default', -1, now(), now());
SELECT setval('themes_id_seq', 1);

INSERT INTO color_schemes (id, name, version, via_wizard, base_scheme_id, user_selectable, created_at, updated_at)
VALUES (1, 'Dark', 1, true, 'Dark', true, now(), now());
SELECT setval('color_schemes_id_seq', 1);

INSERT INTO sidebar_sections (id, user_id, title, public, section_type, created_at, updated_at)
VALUES (1, -1, 'Community', true, 0, now(), now());
SELECT setval('sidebar_sections_id_seq', 1);
INSERT INTO sidebar_urls (id, name, value, icon, external, segment, created_at, updated_at)
SELECT id, name, value, icon, false, segment, now(), now()
FROM (VALUES
    (1, 'Topics', '/latest', 'layer-group', 0),
    (2, 'My Posts', '/my/activity', 'user', 0),
    (3, 'Review', '/review', 'flag', 0),
    (4, 'Admin', '/admin', 'wrench', 0),
    (5, 'Users', '/u', 'users', 1),
    (6, 'About', '/about', 'info-circle', 1),
    (7, 'FAQ', '/faq', 'question-circle', 1),
    (8, 'Groups', '/g', 'user-friends', 1),
    (9, 'Badges', '/badges', 'certificate', 1)
) AS u (id, name, value, icon, segment);
SELECT setval('sidebar_urls_id_seq', 9);
INSERT INTO sidebar_section_links (user_id, linkable_id, linkable_type, sidebar_section_id, position, created_at, updated_at)
SELECT -1, id, 'SidebarUrl', 1, id - 1, now(), now() FROM sidebar_urls;
