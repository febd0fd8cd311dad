using AngleSharp.Dom;
using Forum.Markdown.Rendering;

namespace Forum.Markdown.Finishing;

/// <summary>Attachments, and the relation of links that leave the site.</summary>
static class LinkRelations
{
    const string AttachmentMark = "|attachment";

    public static void Finish(IElement root, CookOptions options, CookResolution resolution, CookReferences references)
    {
        foreach (var link in root.QuerySelectorAll("a[href]"))
        {
            var address = link.GetAttribute("href") ?? "";
            if (Images.UploadName(address) is { } upload)
            {
                references.Uploads.Add(upload);
                if (resolution.Uploads.TryGetValue(upload, out var target))
                {
                    link.SetAttribute("href", target.ShortPath);
                }
                else
                {
                    link.SetAttribute("href", "/404");
                    link.SetAttribute("data-orig-href", address);
                }

                if (link.TextContent.EndsWith(AttachmentMark, StringComparison.Ordinal))
                {
                    link.TextContent = link.TextContent[..^AttachmentMark.Length];
                    Prepend(link, "class", "attachment");
                }
            }
            else if (options.NoFollow && LeavesSite(address, options))
            {
                link.SetAttribute("rel", "noopener nofollow ugc");
            }
        }
    }

    public static void RemoveMarks(IElement root)
    {
        foreach (var link in root.QuerySelectorAll($"a[{Links.BareMark}]"))
            link.RemoveAttribute(Links.BareMark);
    }

    public static bool LeavesSite(string address, CookOptions options)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return address.StartsWith("//", StringComparison.Ordinal);
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var own))
            return true;
        return !uri.Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase) &&
            !uri.Host.EndsWith("." + own.Host, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Sets an attribute so that it comes first, as in existing posts.</summary>
    public static void Prepend(IElement element, string name, string value)
    {
        var others = element.Attributes.Where(attribute => attribute.Name != name).Select(attribute => (attribute.Name, attribute.Value)).ToArray();
        foreach (var attribute in element.Attributes.ToArray())
            element.RemoveAttribute(attribute.Name);
        element.SetAttribute(name, value);
        foreach (var (key, kept) in others)
            element.SetAttribute(key, kept);
    }
}
