using Forum.Database;
using Forum.Markdown;

namespace Forum.Posts;

/// <summary>What is derived from a post's text: the search index, its links and the uploads that it keeps alive.</summary>
static class PostIndex
{
    public static async Task UpdateAsync(SqlSession sql, int postId, string cooked, string host, DateTime now, CancellationToken cancellation)
    {
        var text = Excerpt.PlainText(cooked);
        await sql.WriteAsync("""
            INSERT INTO post_search_data (post_id, search_data, raw_data, locale, version, private_message)
            SELECT p.id, setweight(to_tsvector('english', t.title), 'A') || setweight(to_tsvector('english', coalesce(c.name, '')), 'B')
                || setweight(to_tsvector('english', coalesce((SELECT string_agg(g.name, ' ') FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id), '')), 'C')
                || setweight(to_tsvector('english', left($2, 200000)), 'D'), $2, 'en', 5, t.archetype = 'private_message'
            FROM posts p
            JOIN topics t ON t.id = p.topic_id
            LEFT JOIN categories c ON c.id = t.category_id
            WHERE p.id = $1
            ON CONFLICT (post_id) DO UPDATE SET search_data = EXCLUDED.search_data, raw_data = EXCLUDED.raw_data, version = 5, private_message = EXCLUDED.private_message
            """, [postId, text], cancellation);
        await sql.WriteAsync("""
            INSERT INTO topic_search_data (topic_id, search_data, raw_data, locale, version)
            SELECT t.id, setweight(to_tsvector('english', t.title), 'A') || setweight(to_tsvector('english', left($2, 2000)), 'B'), t.title, 'en', 4
            FROM posts p
            JOIN topics t ON t.id = p.topic_id
            WHERE p.id = $1 AND p.post_number = 1
            ON CONFLICT (topic_id) DO UPDATE SET search_data = EXCLUDED.search_data, raw_data = EXCLUDED.raw_data, version = 4
            """, [postId, text], cancellation);
        await LinksAsync(sql, postId, cooked, host, now, cancellation);
        await UploadsAsync(sql, postId, cooked, now, cancellation);
    }

    static async Task LinksAsync(SqlSession sql, int postId, string cooked, string host, DateTime now, CancellationToken cancellation)
    {
        var links = PostLinks.Of(cooked, host);
        await sql.WriteAsync("""
            DELETE FROM topic_links
            WHERE post_id = $1 AND NOT coalesce(reflection, false) AND url <> ALL($2)
            """, [postId, links.Select(link => link.Url).ToArray()], cancellation);
        if (links.Count == 0)
            return;
        await sql.WriteAsync("""
            INSERT INTO topic_links (topic_id, post_id, user_id, url, domain, internal, link_topic_id, link_post_id, quote, extension, reflection, created_at, updated_at)
            SELECT p.topic_id, p.id, coalesce(p.user_id, -1), l.url, l.domain, l.internal, lt.id,
                (SELECT lp.id FROM posts lp WHERE lp.topic_id = lt.id AND lp.post_number = l.post_number), l.quote, nullif(l.extension, ''), false, $9, $9
            FROM posts p, unnest($2::text[], $3::text[], $4::bool[], $5::int[], $6::int[], $7::bool[], $8::text[])
                AS l (url, domain, internal, topic_id, post_number, quote, extension)
            LEFT JOIN topics lt ON lt.id = l.topic_id
            WHERE p.id = $1 AND (l.topic_id = 0 OR lt.id IS NOT NULL) AND coalesce(lt.id, 0) <> p.topic_id
            ON CONFLICT DO NOTHING
            """,
            [
                postId, links.Select(link => link.Url).ToArray(), links.Select(link => link.Domain).ToArray(), links.Select(link => link.Internal).ToArray(),
                links.Select(link => link.TopicId).ToArray(), links.Select(link => link.PostNumber).ToArray(), links.Select(link => link.Quote).ToArray(),
                links.Select(link => link.Extension).ToArray(), now,
            ], cancellation);
        if (links.All(link => link.TopicId == 0))
            return;

        // A link to another topic shows there too, as a reflection.
        await sql.WriteAsync("""
            INSERT INTO topic_links (topic_id, post_id, user_id, url, domain, internal, link_topic_id, link_post_id, quote, reflection, created_at, updated_at)
            SELECT l.link_topic_id, coalesce(l.link_post_id, (SELECT fp.id FROM posts fp WHERE fp.topic_id = l.link_topic_id AND fp.post_number = 1)), l.user_id,
                '/t/' || coalesce(t.slug, 'topic') || '/' || t.id || '/' || p.post_number, $2, true, t.id, p.id, false, true, $3, $3
            FROM topic_links l
            JOIN posts p ON p.id = l.post_id
            JOIN topics t ON t.id = p.topic_id
            WHERE l.post_id = $1 AND l.internal AND NOT coalesce(l.reflection, false) AND l.link_topic_id IS NOT NULL AND t.archetype <> 'private_message'
            ON CONFLICT DO NOTHING
            """, [postId, host.Length > 100 ? host[..100] : host, now], cancellation);
    }

    static async Task UploadsAsync(SqlSession sql, int postId, string cooked, DateTime now, CancellationToken cancellation)
    {
        var sha1s = PostLinks.UploadsOf(cooked).ToArray();
        await sql.WriteAsync("""
            WITH wanted AS (SELECT id FROM uploads WHERE sha1 = ANY($2)),
                gone AS (DELETE FROM upload_references WHERE target_type = 'Post' AND target_id = $1 AND upload_id NOT IN (SELECT id FROM wanted))
            INSERT INTO upload_references (upload_id, target_type, target_id, created_at, updated_at)
            SELECT id, 'Post', $1, $3, $3
            FROM wanted
            ON CONFLICT DO NOTHING
            """, [(long)postId, sha1s, now], cancellation);
        // Most posts have no picture and never had one: nothing changes then, in one statement.
        await sql.WriteAsync("""
            WITH pictured AS (
                UPDATE posts
                SET image_upload_id = (SELECT id FROM uploads WHERE sha1 = ANY($2) AND width IS NOT NULL ORDER BY array_position($2::text[], sha1::text) LIMIT 1)
                WHERE id = $1 AND (cardinality($2::text[]) > 0 OR image_upload_id IS NOT NULL)
                RETURNING topic_id, post_number, image_upload_id
            )
            UPDATE topics t
            SET image_upload_id = p.image_upload_id
            FROM pictured p
            WHERE p.post_number = 1 AND t.id = p.topic_id
            """, [postId, sha1s], cancellation);
    }
}
