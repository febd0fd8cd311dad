using System.Globalization;
using Forum.Database;
using Forum.Markdown;

namespace Forum.Polls;

/// <summary>Polls as rows: made from the cooked post, kept when the post is edited.</summary>
static class PollStore
{
    public static async Task SaveAsync(SqlSession sql, int postId, string cooked, DateTime now, CancellationToken cancellation)
    {
        if (!cooked.Contains("class=\"poll\"", StringComparison.Ordinal))
        {
            await sql.WriteAsync("DELETE FROM polls WHERE post_id = $1 AND NOT EXISTS (SELECT FROM poll_votes v WHERE v.poll_id = polls.id)", [(long)postId], cancellation);
            return;
        }

        foreach (var poll in Sanitizer.Parse(cooked).QuerySelectorAll("div.poll").DistinctBy(poll => poll.GetAttribute("data-poll-name")))
        {
            string Attribute(string name, string otherwise) => poll.GetAttribute("data-poll-" + name) ?? otherwise;
            int? Number(string name) => int.TryParse(poll.GetAttribute("data-poll-" + name), CultureInfo.InvariantCulture, out var number) ? number : null;
            var close = DateTime.TryParse(Attribute("close", ""), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at) ? at : (DateTime?)null;
            var id = await sql.ScalarAsync<long>("""
                WITH changed AS (
                    UPDATE polls SET close_at = $3, type = $4, results = $5, visibility = $6, min = $7, max = $8, step = $9, chart_type = $10, title = $11, groups = $12, updated_at = $13
                    WHERE post_id = $1 AND name = $2
                    RETURNING id
                ), added AS (
                    INSERT INTO polls (post_id, name, close_at, type, results, visibility, min, max, step, chart_type, title, groups, created_at, updated_at)
                    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13 WHERE NOT EXISTS (SELECT FROM changed)
                    RETURNING id
                )
                SELECT id FROM changed UNION ALL SELECT id FROM added
                """,
                [
                    (long)postId, Attribute("name", "poll"), close, Math.Max(0, Array.IndexOf(Poll.Types, Attribute("type", "regular"))),
                    Math.Max(0, Array.IndexOf(Poll.Results, Attribute("results", "always"))), Attribute("public", "false") == "true" ? 1 : 0,
                    Number("min"), Number("max"), Number("step"), Attribute("charttype", "bar") == "pie" ? 1 : 0,
                    poll.QuerySelector(".poll-title")?.InnerHtml, poll.GetAttribute("data-poll-groups"), now,
                ], cancellation);
            var options = poll.QuerySelectorAll("li[data-poll-option-id]").Select(option => (Digest: option.GetAttribute("data-poll-option-id")!, Html: HtmlText.Write(option))).ToArray();
            await sql.ExecuteAsync("""
                WITH gone AS (DELETE FROM poll_options WHERE poll_id = $1 AND digest <> ALL($2))
                INSERT INTO poll_options (poll_id, digest, html, created_at, updated_at)
                SELECT $1, o.digest, o.html, $4, $4
                FROM unnest($2::text[], $3::text[]) AS o (digest, html)
                WHERE NOT EXISTS (SELECT FROM poll_options e WHERE e.poll_id = $1 AND e.digest = o.digest)
                """, [id, options.Select(option => option.Digest).ToArray(), options.Select(option => option.Html).ToArray(), now], cancellation);
        }
    }
}
