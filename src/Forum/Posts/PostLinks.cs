using System.Globalization;
using System.Text.RegularExpressions;
using Forum.Markdown;
using Forum.Uploads;

namespace Forum.Posts;

/// <summary>A link of a post; 0 stands for no topic.</summary>
sealed record PostLink(string Url, string Domain, bool Internal, int TopicId, int PostNumber, bool Quote, string Extension);

/// <summary>Links and uploads in cooked HTML.</summary>
static partial class PostLinks
{
    const int LongestUrl = 500;
    const int LongestDomain = 100;

    public static IReadOnlyList<PostLink> Of(string cooked, string host)
    {
        if (!cooked.Contains("<a", StringComparison.Ordinal) && !cooked.Contains("data-topic", StringComparison.Ordinal))
            return [];
        var found = new Dictionary<string, PostLink>(StringComparer.Ordinal);
        var root = Sanitizer.Parse(cooked);
        foreach (var quote in root.QuerySelectorAll("aside.quote[data-topic]"))
        {
            if (int.TryParse(quote.GetAttribute("data-topic"), CultureInfo.InvariantCulture, out var topic) &&
                int.TryParse(quote.GetAttribute("data-post"), CultureInfo.InvariantCulture, out var number))
                found.TryAdd($"/t/topic/{topic}/{number}", new PostLink($"/t/topic/{topic}/{number}", Short(host), true, topic, number, true, ""));
        }

        foreach (var link in root.QuerySelectorAll("a[href]"))
        {
            if (link.ClassList.Contains("anchor") || link.ClassList.Contains("mention") || link.ClassList.Contains("mention-group") ||
                link.ClassList.Contains("hashtag-cooked") || link.ClassList.Contains("lightbox") || link.ClassList.Contains("footnote-backref"))
                continue;
            if (One(link.GetAttribute("href") ?? "", host) is { } made)
                found.TryAdd(made.Url, made);
        }

        return [.. found.Values.Take(100)];
    }

    static PostLink? One(string href, string host)
    {
        if (href.Length is 0 or > LongestUrl || href[0] == '#')
            return null;
        if (href[0] == '/' && !href.StartsWith("//", StringComparison.Ordinal))
            return Internal(href, href, host);
        if (!Uri.TryCreate(href.StartsWith("//", StringComparison.Ordinal) ? "https:" + href : href, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        return uri.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
            ? Internal(href, uri.AbsolutePath, host)
            : new PostLink(href, Short(uri.Host), false, 0, 0, false, "");
    }

    static PostLink Internal(string url, string path, string host)
    {
        var match = TopicPath().Match(path);
        var topic = match.Success && int.TryParse(match.Groups["id"].ValueSpan, CultureInfo.InvariantCulture, out var id) ? id : 0;
        var number = match.Success && int.TryParse(match.Groups["post"].ValueSpan, CultureInfo.InvariantCulture, out var post) ? post : topic > 0 ? 1 : 0;
        var extension = path.StartsWith("/uploads/", StringComparison.Ordinal) ? Path.GetExtension(path).TrimStart('.') : "";
        return new PostLink(url, Short(host), true, topic, number, false, extension.Length > 10 ? extension[..10] : extension);
    }

    static string Short(string domain) => domain.Length > LongestDomain ? domain[..LongestDomain] : domain;

    /// <summary>SHA-1 names of the uploads that the HTML shows or links to, in order.</summary>
    public static IEnumerable<string> UploadsOf(string cooked)
    {
        foreach (Match match in StoredPath().Matches(cooked))
            yield return match.Groups["sha"].Value;
        foreach (Match match in ShortPath().Matches(cooked))
        {
            if (Base62.ToSha1(match.Groups["name"].Value) is { } sha1)
                yield return sha1;
        }
    }

    [GeneratedRegex("^/t/(?:[^/]+/)?(?<id>[0-9]{1,9})(?:/(?<post>[0-9]{1,9}))?/?$", RegexOptions.CultureInvariant)]
    private static partial Regex TopicPath();

    [GeneratedRegex("/original/[0-9]X/(?:[0-9a-f]/)*(?<sha>[0-9a-f]{40})", RegexOptions.CultureInvariant)]
    private static partial Regex StoredPath();

    [GeneratedRegex("/uploads/short-url/(?<name>[a-zA-Z0-9]{1,27})", RegexOptions.CultureInvariant)]
    private static partial Regex ShortPath();
}
