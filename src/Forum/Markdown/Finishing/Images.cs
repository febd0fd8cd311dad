using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Forum.Markdown.Finishing;

/// <summary>Sizes, uploads, video and audio: what stands in an image's alternative text after a bar.</summary>
static partial class Images
{
    const int WidestShown = 690;
    const int TallestShown = 500;

    public static void Finish(IElement root, CookOptions options, CookResolution resolution, CookReferences references)
    {
        _ = options;
        foreach (var image in root.QuerySelectorAll("img:not(.avatar):not(.emoji)"))
        {
            var parts = (image.GetAttribute("alt") ?? "").Split('|');
            var (width, height, kind) = (0, 0, "");
            var asked = image.HasAttribute("width") || image.HasAttribute("height");
            foreach (var part in parts.AsSpan(1))
            {
                var size = Size().Match(part.Trim());
                if (size.Success)
                    (width, height) = Scaled(size);
                else if (part.Trim() is "thumbnail" or "video" or "audio")
                    kind = part.Trim();
            }

            var alt = parts[0];
            image.SetAttribute("alt", alt);
            var upload = Resolve(image, resolution, references);
            if (kind is "video" or "audio")
            {
                Player(image, kind, upload, alt);
                continue;
            }

            if (width == 0 && !asked && upload is { Width: { } w, Height: { } h })
                (width, height) = Fit(w, h);
            if (width > 0)
            {
                image.SetAttribute("width", width.ToString(CultureInfo.InvariantCulture));
                image.SetAttribute("height", height.ToString(CultureInfo.InvariantCulture));
            }

            if (kind == "thumbnail")
                image.SetAttribute("data-thumbnail", "true");
            if (upload is { Width: { } fullWidth, Height: { } fullHeight } && (fullWidth > WidestShown || fullHeight > TallestShown) &&
                image.Closest("a") is null)
            {
                // The thumbnail serves for what is shown at its size or smaller; a size that was asked for may be larger.
                if (upload.ThumbnailUrl is { } thumbnail && width <= Fit(fullWidth, fullHeight).Width)
                {
                    image.SetAttribute("src", thumbnail);
                    image.SetAttribute("srcset", $"{thumbnail}, {upload.Url} 2x");
                }

                Lightbox(image, upload, alt, fullWidth, fullHeight);
            }
        }
    }

    /// <summary>The largest size with the picture's proportions that fits into the column of a post.</summary>
    public static (int Width, int Height) Fit(int width, int height)
    {
        var scale = Math.Min(1.0, Math.Min((double)WidestShown / width, (double)TallestShown / height));
        return (Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale)));
    }

    static (int Width, int Height) Scaled(Match size)
    {
        var percent = size.Groups["percent"].Success ? int.Parse(size.Groups["percent"].ValueSpan, CultureInfo.InvariantCulture) : 100;
        var width = int.Parse(size.Groups["width"].ValueSpan, CultureInfo.InvariantCulture);
        var height = int.Parse(size.Groups["height"].ValueSpan, CultureInfo.InvariantCulture);
        return percent is < 1 or > 100 ? (width, height) : (width * percent / 100, height * percent / 100);
    }

    static UploadTarget? Resolve(IElement image, CookResolution resolution, CookReferences references)
    {
        var source = image.GetAttribute("src") ?? "";
        if (UploadName(source) is not { } name)
            return null;
        references.Uploads.Add(name);
        image.SetAttribute("data-base62-sha1", name);
        if (resolution.Uploads.TryGetValue(name, out var upload))
        {
            image.SetAttribute("src", upload.Url);
            return upload;
        }

        image.SetAttribute("src", "/images/transparent.png");
        image.SetAttribute("data-orig-src", source);
        return null;
    }

    /// <summary>The name in upload://NAME.ext; null for any other address.</summary>
    public static string? UploadName(string address)
    {
        var match = Upload().Match(address);
        return match.Success ? match.Groups["name"].Value : null;
    }

    static void Player(IElement image, string kind, UploadTarget? upload, string title)
    {
        var source = upload?.Url ?? image.GetAttribute("src") ?? "";
        var document = image.Owner!;
        var player = document.CreateElement(kind);
        player.SetAttribute("preload", "metadata");
        player.SetAttribute("controls", "");
        if (kind == "video")
        {
            player.SetAttribute("width", "100%");
            player.SetAttribute("height", "100%");
        }

        var file = document.CreateElement("source");
        file.SetAttribute("src", source);
        var link = document.CreateElement("a");
        link.SetAttribute("href", source);
        link.TextContent = title.Length > 0 ? title : source;
        player.Append(file, link);
        image.Replace(player);
    }

    static void Lightbox(IElement image, UploadTarget upload, string alt, int width, int height)
    {
        var document = image.Owner!;
        var wrapper = document.CreateElement("div");
        wrapper.SetAttribute("class", "lightbox-wrapper");
        var link = document.CreateElement("a");
        link.SetAttribute("class", "lightbox");
        link.SetAttribute("href", upload.Url);
        link.SetAttribute("data-download-href", $"/uploads/default/{upload.Sha1}");
        link.SetAttribute("title", alt);
        image.Replace(wrapper);
        wrapper.AppendChild(link);
        link.AppendChild(image);
        var meta = document.CreateElement("div");
        meta.SetAttribute("class", "meta");
        var name = document.CreateElement("span");
        name.SetAttribute("class", "filename");
        name.TextContent = alt;
        var details = document.CreateElement("span");
        details.SetAttribute("class", "informations");
        details.TextContent = string.Create(CultureInfo.InvariantCulture, $"{width}×{height}");
        meta.Append(name, details);
        link.AppendChild(meta);
    }

    [GeneratedRegex(@"^(?<width>\d{1,4})x(?<height>\d{1,4})(?:,\s*(?<percent>\d{1,3})%)?(?:\s*x)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Size();

    [GeneratedRegex(@"^upload://(?<name>[a-zA-Z0-9]{1,27})(?:\.[a-zA-Z0-9.]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Upload();
}
