using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Forum.Markdown;

namespace Forum.Onebox;

/// <summary>What a page says about itself: Open Graph, Twitter's tags, or plain title and description.</summary>
/// <remarks>Source: The Open Graph protocol (ogp.me); oEmbed 1.0.</remarks>
sealed record Preview(string Url, string Title, string? Description, string? Image, string Site)
{
    const int LongestTitle = 200;
    const int LongestDescription = 500;

    /// <returns>The preview, and the address of the page's oEmbed data if it lacks a title; null when the page says nothing.</returns>
    public static (Preview? Preview, Uri? More) Read(Uri address, FetchedPage page)
    {
        var document = new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(page.Text);
        var title = Tag(document, "og:title") ?? Tag(document, "twitter:title") ?? Clean(document.Title);
        var description = Tag(document, "og:description") ?? Tag(document, "twitter:description") ?? Tag(document, "description");
        var image = Address(page.Address, Tag(document, "og:image:secure_url") ?? Tag(document, "og:image") ?? Tag(document, "twitter:image"));
        var more = Address(page.Address, document.QuerySelector("link[rel=alternate][type='application/json+oembed']")?.GetAttribute("href"));
        var preview = title is null ? null : new Preview(
            address.ToString(), Short(title, LongestTitle), description is null ? null : Short(description, LongestDescription), image, Tag(document, "og:site_name") ?? page.Address.Host);
        return (preview, image is null && more is not null ? new Uri(more) : null);
    }

    /// <summary>A preview with what oEmbed data adds; its HTML is not used.</summary>
    public static Preview? WithEmbed(Preview? preview, Uri address, string json)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject data)
            {
                return preview;
            }

            var title = preview?.Title ?? Clean(Text("title"));
            return title is null ? null : new Preview(
                address.ToString(), Short(title, LongestTitle), preview?.Description ?? Clean(Text("author_name")), preview?.Image ?? Address(address, Text("thumbnail_url")),
                preview?.Site ?? Clean(Text("provider_name")) ?? address.Host);

            string? Text(string name) => data[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        }
        catch (JsonException)
        {
            return preview;
        }
    }

    /// <summary>The box that stands in the place of the link.</summary>
    public string Html()
    {
        var url = HtmlText.Escape(Url);
        var image = Image is null ? "" : $"<img src=\"{HtmlText.Escape(Image)}\" class=\"thumbnail\" alt=\"\" loading=\"lazy\">\n";
        var description = Description is null ? "" : $"\n<p>{HtmlText.Escape(Description)}</p>";
        return $"""
            <aside class="onebox allowlistedgeneric" data-onebox-src="{url}">
            <header class="source"><a href="{url}" target="_blank" rel="noopener nofollow ugc">{HtmlText.Escape(Site)}</a></header>
            <article class="onebox-body">
            {image}<h3><a href="{url}" target="_blank" rel="noopener nofollow ugc">{HtmlText.Escape(Title)}</a></h3>{description}
            </article>
            </aside>
            """;
    }

    static string? Tag(IDocument document, string name) =>
        Clean(document.QuerySelector($"meta[property='{name}'], meta[name='{name}']")?.GetAttribute("content"));

    static string? Clean(string? text) => text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } clean ? clean : null;

    static string? Address(Uri page, string? address) => address is { Length: > 0 and < 2000 } && Uri.TryCreate(page, address, out var uri) && uri.Scheme is "http" or "https" ? uri.ToString() : null;

    static string Short(string text, int most) => text.Length > most ? text[..most].TrimEnd() + "…" : text;
}
