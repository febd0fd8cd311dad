using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Forum.Topics;

namespace Forum.Tests.Security;

/// <summary>Hundreds of attacks in every field that is shown; what comes out is parsed as a browser parses it, and nothing in it runs.</summary>
public sealed partial class ScriptingTests(ForumApp app) : IClassFixture<ForumApp>
{
    static readonly string[] Foreign = ["iframe", "object", "embed", "applet", "base", "frame", "frameset", "svg", "math", "template", "noscript", "portal", "xml", "marquee"];
    static readonly string[] Addresses = ["href", "src", "action", "formaction", "poster", "data", "xlink:href", "srcset", "background", "cite", "ping"];

    /// <summary>One of each kind, and a sample of the rest.</summary>
    static readonly string[] Attacks =
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Markdown", "xss.txt")).Where((line, at) => line.Length is > 0 and < 200 && at % 3 == 0)
            .Select(Unescape).Where(attack => !attack.Contains('\0', StringComparison.Ordinal)).Distinct(),
        "</title><script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "' autofocus onfocus=alert(1) x='", "]]></description><script>alert(1)</script>",
        "</script><script>alert(1)</script>", "<!--<script>alert(1)//-->", "{{constructor.constructor('alert(1)')()}}", "javascript:alert(1)//", "&#60;img src=x onerror=alert(1)&#62;",
    ];

    [Fact]
    public async Task Titles_names_and_tags_are_text_wherever_they_are_shown()
    {
        Assert.True(Attacks.Length > 250, $"only {Attacks.Length} attacks");
        var member = await app.AddUserAsync("mallory");
        using var author = await app.ApiAsync("mallory");
        var topic = (await author.TopicAsync("A topic for many titles, the first")).TopicId();
        // Past every check of input: what is shown must be safe whatever the database holds.
        await app.Database.ExecuteAsync("""
            INSERT INTO topics (title, fancy_title, slug, user_id, last_post_user_id, category_id, bumped_at, created_at, updated_at, posts_count, highest_post_number, excerpt)
            SELECT a.title, a.fancy, 'x', $3, $3, 4, now(), now(), now(), 1, 1, a.fancy FROM unnest($1::text[], $2::text[]) AS a (title, fancy)
            """, [Attacks, Attacks.Select(Titles.Fancy).ToArray(), member], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("""
            INSERT INTO posts (user_id, topic_id, post_number, sort_order, raw, cooked, last_version_at, created_at, updated_at)
            SELECT user_id, id, 1, 1, title, '<p>x</p>', now(), now(), now() FROM topics WHERE slug = 'x'
            """, [], ForumApp.Cancellation);
        var some = Attacks.Where((_, at) => at % 10 == 0).ToArray();
        await app.Database.ExecuteAsync("""
            INSERT INTO users (username, username_lower, name, title, trust_level, active, created_at, updated_at)
            SELECT 'eve' || a.n, 'eve' || a.n, a.name, left(a.name, 100), 1, true, now(), now() FROM unnest($1::text[]) WITH ORDINALITY AS a (name, n)
            """, [some], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("""
            UPDATE topics t SET user_id = u.id, last_post_user_id = u.id FROM users u WHERE u.username LIKE 'eve%' AND t.slug = 'x' AND t.id % $1 = substr(u.username, 4)::int % $1
            """, [some.Length], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("UPDATE posts p SET user_id = t.user_id FROM topics t WHERE t.id = p.topic_id AND t.slug = 'x'", [], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO tags (name, created_at, updated_at, public_topic_count) SELECT left(a, 90), now(), now(), 1 FROM unnest($1::text[]) AS a ON CONFLICT DO NOTHING", [some], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO topic_tags (topic_id, tag_id, created_at, updated_at) SELECT $1, id, now(), now() FROM tags", [topic], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("""
            INSERT INTO categories (name, name_lower, slug, user_id, color, text_color, created_at, updated_at)
            SELECT left(a.name, 50), left(a.name, 50), 'evil-' || a.n, -1, 'AABBCC', 'FFFFFF', now(), now() FROM unnest($1::text[]) WITH ORDINALITY AS a (name, n) ON CONFLICT DO NOTHING
            """, [some.DistinctBy(attack => attack[..Math.Min(50, attack.Length)]).ToArray()], ForumApp.Cancellation);

        using var visitor = app.Anonymous();
        visitor.Headers.Add("Cookie", "_bypass_cache=1");
        for (var page = 0; page * 30 < Attacks.Length + 5; page++)
        {
            await AssertPageAsync(visitor, $"/latest?page={page}");
        }

        foreach (var path in new[] { $"/t/-/{topic}", "/categories", "/tags", "/u", "/about", "/top", "/search?q=topic", "/new-topic", "/login", "/c/evil-1/6", "/u/eve1", "/u/eve2", "/u/eve3" })
        {
            await AssertPageAsync(visitor, path);
        }

        foreach (var id in await app.Database.ListAsync("SELECT id FROM topics WHERE slug = 'x' ORDER BY id LIMIT 80", row => row.GetInt32(0), [], ForumApp.Cancellation))
        {
            await AssertPageAsync(visitor, $"/t/x/{id}");
        }

        foreach (var feed in new[] { "/latest.rss", "/posts.rss", $"/t/-/{topic}.rss", "/sitemap_recent.xml", "/opensearch.xml" })
        {
            var answer = await visitor.GetAsync(feed);
            Assert.True(answer.Status is 200 or 301 or 404, $"{feed}: {answer.Status}");
            if (answer.Status == 200)
            {
                AssertFeed(answer.Body, feed);
            }
        }
    }

    [Fact]
    public async Task What_is_searched_for_is_text()
    {
        using var visitor = app.Anonymous();
        visitor.Headers.Add("Cookie", "_bypass_cache=1");
        foreach (var attack in Attacks.Where((_, at) => at % 4 == 0))
        {
            var answer = await visitor.GetAsync("/search?q=" + Uri.EscapeDataString(attack));
            if (answer.Status == 429)
            {
                break;
            }

            AssertHarmless(answer.Body, attack);
        }
    }

    [Fact]
    public async Task Profiles_groups_polls_and_file_names_are_clean()
    {
        await app.AddUserAsync("oscar", trustLevel: 4);
        using var user = await app.ApiAsync("oscar");
        using var admin = await app.ApiAsync("system");
        using var visitor = app.Anonymous();
        visitor.Headers.Add("Cookie", "_bypass_cache=1");
        foreach (var (attack, number) in Attacks.Where((_, at) => at % 12 == 0).Select((attack, at) => (attack, at)))
        {
            await user.PutAsync("/u/oscar.json", ("bio_raw", attack), ("website", attack), ("location", attack), ("name", attack));
            await AssertPageAsync(visitor, "/u/oscar");
            AssertHarmlessHtml((await visitor.GetAsync("/u/oscar.json")).Json["user"]?["bio_cooked"]?.ToString() ?? "", attack);

            var group = (await admin.PostAsync("/admin/groups.json", ("group[name]", $"group{number}"), ("group[full_name]", attack), ("group[title]", attack), ("group[bio_raw]", attack))).Body;
            Assert.DoesNotContain("Something went wrong", group, StringComparison.Ordinal);
            AssertHarmlessHtml((await visitor.GetAsync($"/g/group{number}.json")) is { Status: 200 } shown ? shown.Json["group"]?["bio_cooked"]?.ToString() ?? "" : "", attack);

            var line = attack.ReplaceLineEndings(" ");
            var poll = await user.PostAsync("/posts.json", ("title", $"A poll with strange options, {number}"), ("category", "4"), ("raw", $"[poll name=\"{line}\" title=\"{line}\"]\n* {line}\n* another {line}\n[/poll]\n\nand {attack}"));
            if (poll.Status == 200)
            {
                AssertHarmlessHtml(poll.Json["cooked"]!.ToString(), attack);
                await AssertPageAsync(visitor, $"/t/-/{poll.Json.TopicId()}");
            }

            using var form = new MultipartFormDataContent { { new StringContent("composer"), "type" } };
            var file = new ByteArrayContent(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
            file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileNameStar = line + ".png" };
            form.Add(file);
            var upload = await user.SendAsync(HttpMethod.Post, "/uploads.json", form);
            Assert.True(upload.Status < 500, upload.Body);
        }
    }

    static async Task AssertPageAsync(ForumClient client, string path)
    {
        var answer = await client.GetAsync(path);
        if (answer.Status is 301 or 302)
        {
            answer = await client.GetAsync(answer.Header("Location")!);
        }

        Assert.True(answer.Status is 200 or 403 or 404, $"{path}: {answer.Status}");
        AssertHarmless(answer.Body, path);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Matches("script-src [^;]*'self'", answer.Header("Content-Security-Policy"));
        Assert.DoesNotMatch("script-src[^;]*(unsafe-inline|unsafe-eval|\\*|data:|https?:)", answer.Header("Content-Security-Policy")!);
    }

    /// <summary>Of a whole page: only the site's own script files, no handler, no address that runs, nothing foreign.</summary>
    static void AssertHarmless(string html, string what)
    {
        foreach (var element in new HtmlParser().ParseDocument(html).QuerySelectorAll("*"))
        {
            if (element.LocalName == "script")
            {
                Assert.True(element.GetAttribute("src")?.StartsWith("/assets/", StringComparison.Ordinal) == true && element.TextContent.Length == 0, $"a script in {what}: {element.OuterHtml}");
            }
            else
            {
                AssertElement(element, what);
            }
        }
    }

    static void AssertHarmlessHtml(string html, string what)
    {
        foreach (var element in new HtmlParser().ParseDocument($"<body>{html}").QuerySelectorAll("*"))
        {
            Assert.NotEqual("script", element.LocalName);
            AssertElement(element, what);
        }
    }

    static void AssertElement(IElement element, string what)
    {
        Assert.True(!Foreign.Contains(element.LocalName) || element.ClassList.Contains("fa"), $"<{element.LocalName}> in {what}: {element.OuterHtml[..Math.Min(200, element.OuterHtml.Length)]}");
        Assert.False(element.LocalName == "meta" && element.HasAttribute("http-equiv"), $"meta in {what}");
        foreach (var attribute in element.Attributes)
        {
            Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name is "srcdoc", $"{attribute.Name} in {what}: {element.OuterHtml[..Math.Min(200, element.OuterHtml.Length)]}");
            if (Addresses.Contains(attribute.Name))
            {
                Assert.False(Running().IsMatch(Ignored().Replace(attribute.Value, "")), $"{attribute.Name}={attribute.Value} in {what}");
            }
        }
    }

    /// <summary>Well-formed, and what it holds as HTML is harmless too.</summary>
    static void AssertFeed(string xml, string what)
    {
        foreach (var element in XDocument.Parse(xml).Descendants())
        {
            Assert.NotEqual("script", element.Name.LocalName.ToLowerInvariant());
            if (element.Name.LocalName == "description" && !element.HasElements)
            {
                AssertHarmlessHtml(element.Value, what);
            }
        }
    }

    static string Unescape(string line) => Escapes().Replace(line, match => match.Value[1] switch
    {
        'n' => "\n",
        't' => "\t",
        'x' => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString(),
        _ => ((char)Convert.ToInt32(match.Groups[2].Value, 16)).ToString(),
    });

    [GeneratedRegex(@"\\(?:n|t|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))")]
    private static partial Regex Escapes();

    [GeneratedRegex("^(javascript|vbscript|data:(?!image/(png|gif|jpeg|webp))|livescript|mocha|file):?", RegexOptions.IgnoreCase)]
    private static partial Regex Running();

    /// <summary>What browsers leave out of a scheme.</summary>
    [GeneratedRegex(@"[\x00-\x20]")]
    private static partial Regex Ignored();
}
