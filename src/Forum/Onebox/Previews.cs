using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forum.Categories;
using Forum.Database;
using Forum.Jobs;
using Forum.Markdown;
using Forum.Redis;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Onebox;

/// <summary>Previews of addresses in posts. Topics of this forum are looked up at once; other pages are fetched by a job and kept in Redis for a day.</summary>
sealed partial class Previews(PageFetcher fetcher, RedisClient redis, JobQueue queue, BaseUrl baseUrl, CategoryStore categories)
{
    const int KeepSeconds = 24 * 3600;
    const int KeepFailureSeconds = 3600;
    const int MostPerPost = 50;

    /// <summary>What is known now; for the rest a job is queued with the post.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ForPostAsync(SqlSession sql, IReadOnlyCollection<string> addresses, int? topicId, int postId, CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var isMissing = false;
        foreach (var address in addresses.Take(MostPerPost))
        {
            if (await LocalAsync(sql, address, topicId, cancellation) is { } local)
            {
                found[address] = local;
            }
            else if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && fetcher.IsWanted(uri))
            {
                var (isKnown, html, _) = await KnownAsync(uri, cancellation);
                isMissing |= !isKnown;
                if (html.Length > 0)
                {
                    found[address] = html;
                }
            }
        }

        if (isMissing && postId > 0)
        {
            await queue.EnqueueAsync(sql, ProcessPost.JobName, new JsonObject
            {
                ["post_id"] = postId, ["addresses"] = new JsonArray([.. addresses.Take(MostPerPost).Select(address => (JsonNode?)address)]),
            }, cancellation);
        }

        return found;
    }

    /// <summary>A preview, fetched if it is not known; null when there is none.</summary>
    public async Task<(string Html, string Title)?> GetAsync(SqlSession sql, string address, CancellationToken cancellation)
    {
        if (await LocalAsync(sql, address, null, cancellation) is { } local)
        {
            return (local, await LocalTitleAsync(sql, address, cancellation) ?? "");
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !fetcher.IsWanted(uri))
        {
            return null;
        }

        var (isKnown, html, title) = await KnownAsync(uri, cancellation);
        if (!isKnown)
        {
            (html, title) = await FetchAsync(uri, cancellation);
        }

        return html.Length > 0 ? (html, title) : null;
    }

    async Task<(string Html, string Title)> FetchAsync(Uri address, CancellationToken cancellation)
    {
        Preview? preview = null;
        if (await fetcher.FetchAsync(address, cancellation) is { ContentType: "text/html" or "application/xhtml+xml" } page)
        {
            (preview, var more) = Preview.Read(address, page);
            if (more is not null && await fetcher.FetchAsync(more, cancellation) is { } data)
            {
                preview = Preview.WithEmbed(preview, address, data.Text);
            }
        }

        var kept = new JsonObject { ["html"] = preview?.Html() ?? "", ["title"] = preview?.Title ?? "" };
        try
        {
            await redis.SendAsync(["SET", Key(address), kept.ToJsonString(), "EX", preview is null ? KeepFailureSeconds : KeepSeconds], cancellation);
        }
        catch (RedisUnavailableException)
        {
            // It is fetched again the next time.
        }

        return ((string)kept["html"]!, (string)kept["title"]!);
    }

    async Task<(bool IsKnown, string Html, string Title)> KnownAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            return (await redis.SendAsync(["GET", Key(address)], cancellation)).Text is { } text && JsonNode.Parse(text) is JsonObject kept
                ? (true, (string)kept["html"]!, (string)kept["title"]!) : (false, "", "");
        }
        catch (RedisUnavailableException)
        {
            // A post is written without its previews rather than not at all.
            return (true, "", "");
        }
    }

    /// <summary>A topic or post of this forum that everybody may read, or that is in the same category, as a quote of its beginning.</summary>
    async Task<string?> LocalAsync(SqlSession sql, string address, int? topicId, CancellationToken cancellation)
    {
        if (Place(address) is not { } place)
        {
            return null;
        }

        var row = await sql.FindAsync("""
            SELECT t.id, coalesce(t.slug, 'topic'), t.title, p.post_number, u.username, u.uploaded_avatar_id, p.cooked, t.category_id
            FROM topics t
            JOIN categories c ON c.id = t.category_id AND (NOT c.read_restricted OR c.id = (SELECT o.category_id FROM topics o WHERE o.id = $3))
            JOIN posts p ON p.topic_id = t.id AND p.post_number = $2 AND p.deleted_at IS NULL AND NOT p.hidden AND p.post_type = 1
            JOIN users u ON u.id = p.user_id
            WHERE t.id = $1 AND t.deleted_at IS NULL AND t.archetype = 'regular' AND t.visible
            """, row => (Id: row.Int(0), Slug: row.Text(1), Title: row.Text(2), Number: row.Int(3), Username: row.Text(4), Avatar: row.IntOrNull(5), Cooked: row.Text(6), CategoryId: row.Int(7)),
            [place.TopicId, place.PostNumber, topicId ?? 0], cancellation);
        if (row.Id == 0)
        {
            return null;
        }

        var category = (await categories.LoadAsync(cancellation)).Find(row.CategoryId);
        var avatar = HtmlText.Escape(Avatars.Template(row.Username, row.Avatar, baseUrl.Host).Replace("{size}", "48", StringComparison.Ordinal));
        var excerpt = Excerpt.PlainText(row.Cooked);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <aside class="quote" data-post="{row.Number}" data-topic="{row.Id}">
            <div class="title">
            <div class="quote-controls"></div>
            <img alt="" width="24" height="24" src="{avatar}" class="avatar" loading="lazy">
            <a href="{HtmlText.Escape(address)}">{HtmlText.Escape(row.Title)}</a>{(category is null ? "" : $" <span class=\"badge-category\">{HtmlText.Escape(category.Name)}</span>")}
            </div>
            <blockquote>{HtmlText.Escape(excerpt.Length > 300 ? excerpt[..300].TrimEnd() + "…" : excerpt)}</blockquote>
            </aside>
            """);
    }

    async Task<string?> LocalTitleAsync(SqlSession sql, string address, CancellationToken cancellation) => Place(address) is { } place
        ? await sql.ScalarAsync<string>("SELECT title FROM topics WHERE id = $1", [place.TopicId], cancellation) : null;

    (int TopicId, int PostNumber)? Place(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !uri.Authority.Equals(baseUrl.Host, StringComparison.OrdinalIgnoreCase) || TopicPath().Match(uri.AbsolutePath) is not { Success: true } match)
        {
            return null;
        }

        return (int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["post"].Success ? int.Parse(match.Groups["post"].Value, CultureInfo.InvariantCulture) : 1);
    }

    static string Key(Uri address) => RedisClient.Key("onebox:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.ToString()))));

    [GeneratedRegex("^/t/(?:[^/]+/)?(?<id>[0-9]{1,9})(?:/(?<post>[0-9]{1,6}))?/?$", RegexOptions.CultureInvariant)]
    private static partial Regex TopicPath();
}
