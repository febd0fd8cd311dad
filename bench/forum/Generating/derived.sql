-- What follows from users, topics, posts, likes and readings: sums, people's rows, notifications, search. Statements are run one by one.

-- Members' own rows, as sign-up makes them.
INSERT INTO user_emails (user_id, email, normalized_email, "primary", created_at, updated_at)
SELECT id, username_lower || '@example.com', username_lower || '@example.com', true, created_at, created_at
FROM users WHERE id > 0;

INSERT INTO user_profiles (user_id) SELECT id FROM users WHERE id > 0;

INSERT INTO user_options (user_id, email_digests, digest_after_minutes, new_topic_duration_minutes, auto_track_topics_after_msecs, notification_level_when_replying)
SELECT id, true, 10080, 2880, 240000, 2 FROM users WHERE id > 0;

INSERT INTO user_search_data (user_id, search_data, raw_data, locale, version)
SELECT id, setweight(to_tsvector('simple', username_lower), 'A') || setweight(to_tsvector('simple', coalesce(name, '')), 'B'), username_lower, 'en', 3
FROM users WHERE id > 0;

INSERT INTO group_users (group_id, user_id, notification_level, created_at, updated_at)
SELECT g.id, u.id, g.default_notification_level, u.created_at, u.created_at
FROM users u
JOIN groups g ON (g.id BETWEEN 10 AND 14 AND g.id - 10 <= u.trust_level) OR (g.id = 1 AND u.admin) OR (g.id = 2 AND u.moderator) OR (g.id = 3 AND (u.admin OR u.moderator))
WHERE u.id > 0;

UPDATE groups g SET user_count = (SELECT count(*) FROM group_users gu WHERE gu.group_id = g.id) WHERE g.id > 0;

-- Likes, as rows and as what their givers and receivers did.
INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
SELECT x.type, CASE x.type WHEN 1 THEN a.user_id ELSE p.user_id END, p.topic_id, p.id, a.user_id, a.created_at, a.created_at
FROM post_actions a
JOIN posts p ON p.id = a.post_id
CROSS JOIN (VALUES (1), (2)) AS x (type)
WHERE a.post_action_type_id = 2;

INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
SELECT CASE WHEN p.post_number > 1 THEN 5 WHEN t.archetype = 'regular' THEN 4 ELSE 12 END, p.user_id, p.topic_id, CASE WHEN p.post_number > 1 THEN p.id ELSE -1 END,
    p.user_id, p.created_at, p.created_at
FROM posts p
JOIN topics t ON t.id = p.topic_id
WHERE p.user_id > 0;

INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
SELECT 13, a.user_id, t.id, -1, t.user_id, t.created_at, t.created_at
FROM topic_allowed_users a
JOIN topics t ON t.id = a.topic_id
WHERE a.user_id <> t.user_id;

INSERT INTO given_daily_likes (user_id, likes_given, given_date)
SELECT user_id, count(*), created_at::date FROM post_actions WHERE post_action_type_id = 2 GROUP BY user_id, created_at::date;

-- Who answers whom.
INSERT INTO post_replies (post_id, reply_post_id, created_at, updated_at)
SELECT o.id, p.id, p.created_at, p.created_at
FROM posts p
JOIN posts o ON o.topic_id = p.topic_id AND o.post_number = p.reply_to_post_number;

-- The sums of topics.
CREATE TEMPORARY TABLE posters AS
SELECT topic_id, user_id, count(*) AS posts, max(post_number) AS last_number, min(created_at) AS first_at, max(created_at) AS last_at
FROM posts
WHERE user_id > 0
GROUP BY topic_id, user_id;

CREATE INDEX ON posters (topic_id);

ANALYZE posters;

UPDATE topics t
SET posts_count = s.posts, reply_count = s.replies, word_count = s.words, like_count = s.likes, participant_count = s.people,
    highest_post_number = s.highest, highest_staff_post_number = s.highest, last_posted_at = s.last_at, bumped_at = s.last_at, last_post_user_id = l.user_id,
    has_summary = s.posts >= 50 AND s.likes >= 1,
    featured_user1_id = f.ids[1], featured_user2_id = f.ids[2], featured_user3_id = f.ids[3], featured_user4_id = f.ids[4]
FROM (
    SELECT topic_id, count(*) AS posts, count(reply_to_post_number) AS replies, sum(word_count) AS words, sum(like_count) AS likes, count(DISTINCT user_id) AS people,
        max(post_number) AS highest, max(created_at) AS last_at
    FROM posts
    WHERE user_id > 0
    GROUP BY topic_id
) s
JOIN posts l ON l.topic_id = s.topic_id AND l.post_number = s.highest
LEFT JOIN LATERAL (
    SELECT array_agg(x.user_id) AS ids
    FROM (
        SELECT p.user_id FROM posters p JOIN topics o ON o.id = p.topic_id
        WHERE p.topic_id = s.topic_id AND p.user_id <> o.user_id AND p.user_id <> l.user_id
        ORDER BY p.posts DESC, p.last_at DESC LIMIT 4
    ) x
) f ON true
WHERE t.id = s.topic_id;

-- What members have to do with topics: posters, then readers, then likers.
INSERT INTO topic_users (user_id, topic_id, posted, last_read_post_number, first_visited_at, last_visited_at, notification_level, notifications_reason_id, last_posted_at, total_msecs_viewed)
SELECT p.user_id, p.topic_id, true, p.last_number, p.first_at, p.last_at, CASE WHEN t.user_id = p.user_id OR t.archetype <> 'regular' THEN 3 ELSE 2 END,
    CASE WHEN t.user_id = p.user_id THEN 1 ELSE 4 END, p.last_at, 20000 * p.posts
FROM posters p
JOIN topics t ON t.id = p.topic_id;

INSERT INTO topic_users (user_id, topic_id, last_read_post_number, first_visited_at, last_visited_at, notification_level, total_msecs_viewed)
SELECT r.user_id, r.topic_id, max(r.post_number), t.last_posted_at, t.last_posted_at, 1, sum(r.msecs)
FROM post_timings r
JOIN topics t ON t.id = r.topic_id
GROUP BY r.user_id, r.topic_id, t.last_posted_at
ON CONFLICT (user_id, topic_id) DO UPDATE SET last_read_post_number = greatest(topic_users.last_read_post_number, EXCLUDED.last_read_post_number);

INSERT INTO topic_users (user_id, topic_id, liked, first_visited_at, last_visited_at, notification_level)
SELECT a.user_id, p.topic_id, true, min(a.created_at), max(a.created_at), 1
FROM post_actions a
JOIN posts p ON p.id = a.post_id
GROUP BY a.user_id, p.topic_id
ON CONFLICT (user_id, topic_id) DO UPDATE SET liked = true;

INSERT INTO topic_views (topic_id, viewed_at, user_id)
SELECT topic_id, first_visited_at::date, user_id FROM topic_users WHERE user_id > 0 AND first_visited_at IS NOT NULL;

-- Each reply to someone, and each like, is told to them; only the newest are unread.
INSERT INTO notifications (notification_type, user_id, data, read, created_at, updated_at, topic_id, post_number)
SELECT 2, p.reply_to_user_id, json_build_object('topic_title', t.title, 'original_post_id', p.id, 'original_post_type', 1, 'original_username', u.username,
        'revision_number', NULL, 'display_username', u.username)::text, p.created_at < now() - interval '3 days', p.created_at, p.created_at, p.topic_id, p.post_number
FROM posts p
JOIN topics t ON t.id = p.topic_id
JOIN users u ON u.id = p.user_id
WHERE p.reply_to_user_id <> p.user_id AND p.id % 2 = 0;

INSERT INTO notifications (notification_type, user_id, data, read, created_at, updated_at, topic_id, post_number, post_action_id)
SELECT 5, p.user_id, json_build_object('topic_title', t.title, 'original_post_id', p.id, 'original_post_type', 1, 'original_username', u.username,
        'revision_number', NULL, 'display_username', u.username)::text, a.created_at < now() - interval '3 days', a.created_at, a.created_at, p.topic_id, p.post_number, a.id
FROM post_actions a
JOIN posts p ON p.id = a.post_id
JOIN topics t ON t.id = p.topic_id
JOIN users u ON u.id = a.user_id;

-- The sums of members.
INSERT INTO user_stats (user_id, new_since, topics_entered, time_read, posts_read_count, likes_given, likes_received, topic_count, post_count, first_post_created_at)
SELECT u.id, u.created_at, coalesce(e.topics, 0), coalesce(r.seconds, 0), coalesce(r.posts, 0), coalesce(g.likes, 0), coalesce(w.likes, 0),
    coalesce(c.topics, 0), coalesce(c.posts, 0), c.first_at
FROM users u
LEFT JOIN (SELECT user_id, count(*) AS topics FROM topic_users GROUP BY user_id) e ON e.user_id = u.id
LEFT JOIN (SELECT user_id, count(*) AS posts, sum(msecs) / 1000 AS seconds FROM post_timings GROUP BY user_id) r ON r.user_id = u.id
LEFT JOIN (SELECT user_id, count(*) AS likes FROM post_actions GROUP BY user_id) g ON g.user_id = u.id
LEFT JOIN (SELECT p.user_id, count(*) AS likes FROM post_actions a JOIN posts p ON p.id = a.post_id GROUP BY p.user_id) w ON w.user_id = u.id
LEFT JOIN (
    SELECT p.user_id, count(*) FILTER (WHERE p.post_number = 1) AS topics, count(*) FILTER (WHERE p.post_number > 1) AS posts, min(p.created_at) AS first_at
    FROM posts p JOIN topics t ON t.id = p.topic_id
    WHERE t.archetype = 'regular'
    GROUP BY p.user_id
) c ON c.user_id = u.id
WHERE u.id > 0;

INSERT INTO user_visits (user_id, visited_at, posts_read)
SELECT user_id, last_visited_at::date, count(*) FROM topic_users WHERE user_id > 0 AND last_visited_at IS NOT NULL GROUP BY user_id, last_visited_at::date;

UPDATE user_stats s
SET days_visited = v.days
FROM (SELECT user_id, count(*) AS days FROM user_visits GROUP BY user_id) v
WHERE v.user_id = s.user_id;

UPDATE users u
SET last_posted_at = p.at, first_seen_at = u.created_at, last_seen_at = p.at, previous_visit_at = p.at - interval '1 day'
FROM (SELECT user_id, max(created_at) AS at FROM posts GROUP BY user_id) p
WHERE p.user_id = u.id AND u.id > 0;

-- The sums of categories and tags. A topic that describes its category is not counted.
UPDATE categories c
SET topic_count = s.topics, post_count = s.posts, topics_day = s.topics_day, topics_week = s.topics_week, topics_month = s.topics_month, topics_year = s.topics_year
FROM (
    SELECT t.category_id, count(*) AS topics, sum(greatest(t.posts_count - 1, 0)) AS posts,
        count(*) FILTER (WHERE t.created_at > now() - interval '1 day') AS topics_day, count(*) FILTER (WHERE t.created_at > now() - interval '7 days') AS topics_week,
        count(*) FILTER (WHERE t.created_at > now() - interval '30 days') AS topics_month, count(*) FILTER (WHERE t.created_at > now() - interval '365 days') AS topics_year
    FROM topics t
    WHERE t.deleted_at IS NULL AND t.visible AND NOT EXISTS (SELECT FROM categories d WHERE d.topic_id = t.id)
    GROUP BY t.category_id
) s
WHERE c.id = s.category_id;

UPDATE categories c
SET latest_topic_id = (SELECT max(t.id) FROM topics t WHERE t.category_id = c.id),
    latest_post_id = (SELECT max(p.id) FROM posts p JOIN topics t ON t.id = p.topic_id WHERE t.category_id = c.id
        AND t.bumped_at = (SELECT max(o.bumped_at) FROM topics o WHERE o.category_id = c.id));

UPDATE tags g
SET public_topic_count = s.open, staff_topic_count = s.topics
FROM (
    SELECT tt.tag_id, count(*) AS topics, count(*) FILTER (WHERE NOT c.read_restricted) AS open
    FROM topic_tags tt
    JOIN topics t ON t.id = tt.topic_id
    JOIN categories c ON c.id = t.category_id
    GROUP BY tt.tag_id
) s
WHERE s.tag_id = g.id;

INSERT INTO category_tag_stats (category_id, tag_id, topic_count)
SELECT t.category_id, tt.tag_id, count(*) FROM topic_tags tt JOIN topics t ON t.id = tt.topic_id GROUP BY t.category_id, tt.tag_id;

-- What is read and liked most.
INSERT INTO top_topics (topic_id, yearly_posts_count, yearly_likes_count, yearly_views_count, monthly_posts_count, monthly_likes_count, weekly_posts_count, weekly_likes_count,
    daily_posts_count, daily_likes_count, quarterly_posts_count, quarterly_likes_count, all_score, yearly_score, quarterly_score, monthly_score, weekly_score, daily_score)
SELECT t.id, s.y, s.yl, t.views, s.m, s.ml, s.w, s.wl, s.d, s.dl, s.q, s.ql,
    ln(greatest(t.views, 1)) * 2 + t.like_count + ln(t.posts_count), s.yl + ln(1 + s.y), s.ql + ln(1 + s.q), s.ml + ln(1 + s.m), s.wl + ln(1 + s.w), s.dl + ln(1 + s.d)
FROM topics t
JOIN (
    SELECT topic_id,
        count(*) FILTER (WHERE created_at > now() - interval '1 year') AS y, coalesce(sum(like_count) FILTER (WHERE created_at > now() - interval '1 year'), 0) AS yl,
        count(*) FILTER (WHERE created_at > now() - interval '3 months') AS q, coalesce(sum(like_count) FILTER (WHERE created_at > now() - interval '3 months'), 0) AS ql,
        count(*) FILTER (WHERE created_at > now() - interval '1 month') AS m, coalesce(sum(like_count) FILTER (WHERE created_at > now() - interval '1 month'), 0) AS ml,
        count(*) FILTER (WHERE created_at > now() - interval '1 week') AS w, coalesce(sum(like_count) FILTER (WHERE created_at > now() - interval '1 week'), 0) AS wl,
        count(*) FILTER (WHERE created_at > now() - interval '1 day') AS d, coalesce(sum(like_count) FILTER (WHERE created_at > now() - interval '1 day'), 0) AS dl
    FROM posts
    GROUP BY topic_id
) s ON s.topic_id = t.id
WHERE t.archetype = 'regular';

-- The search index. A paragraph's words are found once, however many posts hold it.
CREATE TEMPORARY TABLE paragraph_words AS
SELECT id, plain, setweight(to_tsvector('english', plain), 'D') AS words FROM paragraphs;

CREATE UNIQUE INDEX ON paragraph_words (id);

CREATE TEMPORARY TABLE topic_heads AS
SELECT t.id, t.archetype = 'private_message' AS is_message, setweight(to_tsvector('english', t.title), 'A') || setweight(to_tsvector('english', coalesce(c.name, '')), 'B')
    || setweight(to_tsvector('english', coalesce((SELECT string_agg(g.name, ' ') FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id), '')), 'C') AS words
FROM topics t
LEFT JOIN categories c ON c.id = t.category_id;

CREATE UNIQUE INDEX ON topic_heads (id);

ANALYZE paragraph_words;

ANALYZE topic_heads;

ANALYZE post_paragraphs;

INSERT INTO post_search_data (post_id, search_data, raw_data, locale, version, private_message)
SELECT x.post_id, h.words || a.words || coalesce(b.words, '') || coalesce(c.words, '') || coalesce(d.words, ''), concat_ws(E'\n', a.plain, b.plain, c.plain, d.plain), 'en', 5, h.is_message
FROM post_paragraphs x
JOIN topic_heads h ON h.id = x.topic_id
JOIN paragraph_words a ON a.id = x.parts[1]
LEFT JOIN paragraph_words b ON b.id = x.parts[2]
LEFT JOIN paragraph_words c ON c.id = x.parts[3]
LEFT JOIN paragraph_words d ON d.id = x.parts[4];

INSERT INTO topic_search_data (topic_id, search_data, raw_data, locale, version)
SELECT t.id, setweight(to_tsvector('english', t.title), 'A') || setweight(to_tsvector('english', left(s.raw_data, 2000)), 'B'), t.title, 'en', 4
FROM topics t
JOIN posts p ON p.topic_id = t.id AND p.post_number = 1 AND p.user_id > 0
JOIN post_search_data s ON s.post_id = p.id;

INSERT INTO category_search_data (category_id, search_data, raw_data, locale, version)
SELECT id, setweight(to_tsvector('english', name), 'A'), name, 'en', 3 FROM categories ON CONFLICT DO NOTHING;

INSERT INTO tag_search_data (tag_id, search_data, raw_data, locale, version)
SELECT id, setweight(to_tsvector('english', name), 'A'), name, 'en', 3 FROM tags ON CONFLICT DO NOTHING;

DROP TABLE posters;

DROP TABLE paragraph_words;

DROP TABLE topic_heads;

DROP TABLE paragraphs;

DROP TABLE post_paragraphs;

