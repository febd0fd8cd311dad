using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Forum.Markdown;

/// <summary>The elements, attributes, classes and addresses that a post may have. All else is taken out.</summary>
static partial class AllowList
{
    static readonly string[] None = [];
    static readonly string[] Cell = ["colspan", "rowspan", "style", "headers", "scope", "align"];

    /// <summary>Attributes by element, besides those that every element may have.</summary>
    static readonly FrozenDictionary<string, string[]> Elements = new Dictionary<string, string[]>
    {
        ["a"] = ["href", "name", "id", "target", "rel"],
        ["abbr"] = None, ["article"] = None, ["aside"] = None, ["audio"] = ["controls", "preload", "src"], ["b"] = None, ["bdo"] = None, ["big"] = None,
        ["blockquote"] = ["cite"], ["br"] = None, ["caption"] = None, ["cite"] = None, ["code"] = None, ["del"] = ["datetime"],
        ["dd"] = None, ["details"] = ["open"], ["div"] = None, ["dl"] = None, ["dt"] = None, ["em"] = None,
        ["h1"] = None, ["h2"] = None, ["h3"] = None, ["h4"] = None, ["h5"] = None, ["h6"] = None, ["header"] = None, ["hr"] = None, ["i"] = None,
        ["iframe"] = ["src", "width", "height", "frameborder", "allowfullscreen", "allow"],
        ["img"] = ["src", "alt", "width", "height", "loading", "srcset"], ["ins"] = ["datetime"], ["kbd"] = None,
        ["li"] = ["id", "value"], ["mark"] = None, ["ol"] = ["reversed", "start", "type"], ["p"] = None, ["picture"] = None,
        ["pre"] = None, ["q"] = ["cite"], ["rp"] = None, ["rt"] = None, ["ruby"] = None, ["s"] = None, ["small"] = None,
        ["source"] = ["src", "type", "srcset", "media"], ["span"] = None, ["strike"] = None, ["strong"] = None, ["sub"] = None,
        ["summary"] = None, ["sup"] = None, ["table"] = None, ["tbody"] = None, ["td"] = Cell, ["tfoot"] = None, ["th"] = Cell,
        ["thead"] = None, ["time"] = ["datetime"], ["tr"] = None, ["track"] = ["default", "label", "kind", "src", "srclang"],
        ["u"] = None, ["ul"] = None, ["var"] = None, ["samp"] = None, ["wbr"] = None, ["figure"] = None, ["figcaption"] = None,
        ["video"] = ["autoplay", "controls", "controlslist", "height", "loop", "muted", "playsinline", "poster", "preload", "src", "width"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Elements whose content is no text of the post: they go with all that is in them.</summary>
    static readonly FrozenSet<string> DroppedWhole = new[]
    {
        "script", "style", "noscript", "noembed", "noframes", "template", "svg", "math", "object", "embed", "applet", "xmp", "plaintext",
        "textarea", "title", "select", "option", "frameset", "frame", "head", "meta", "link", "base", "canvas", "portal", "marquee",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool HasElement(string name) => Elements.ContainsKey(name);

    public static bool DropsWhole(string name) => DroppedWhole.Contains(name);

    public static bool HasAttribute(string element, string attribute) =>
        attribute is "class" or "title" or "lang" or "dir" or "aria-label" or "aria-hidden" ||
        Elements[element].Contains(attribute) ||
        (attribute.StartsWith("data-", StringComparison.Ordinal) && DataName().IsMatch(attribute));

    public static bool HasClass(string name) => ClassName().IsMatch(name);

    public static bool HasId(string id) => IdName().IsMatch(id);

    public static bool HasStyle(string style) => TextAlign().IsMatch(style);

    /// <summary>Whether a browser that follows the address stays on the web: no script, no data, no file.</summary>
    public static bool HasAddress(string address, IReadOnlyList<string> schemes, bool forLink)
    {
        // Browsers drop tabs and newlines anywhere and control characters in front; an address with any of those is refused.
        if (address.AsSpan().IndexOfAnyInRange('\0', '\u001F') >= 0 || address.Contains('\u007F', StringComparison.Ordinal))
            return false;
        var text = address.AsSpan().TrimStart();
        var colon = text.IndexOf(':');
        var end = text.IndexOfAny("/?#");
        if (colon < 0 || (end >= 0 && end < colon))
            return true;
        var scheme = text[..colon].ToString().ToLowerInvariant();
        return scheme is "http" or "https" or "upload" ||
            (forLink && (scheme is "mailto" or "tel" or "ftp" or "sms" || (SchemeName().IsMatch(scheme) && schemes.Contains(scheme))));
    }

    [GeneratedRegex("^data-[a-z][a-z0-9-]{0,60}$", RegexOptions.CultureInvariant)]
    private static partial Regex DataName();

    [GeneratedRegex("^(?:footnote(?:-ref)?-[0-9:-]+|heading--[a-zA-Z0-9-]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex IdName();

    [GeneratedRegex("^(?!javascript|data|vbscript|file|blob)[a-z][a-z0-9+.-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex SchemeName();

    [GeneratedRegex(@"^text-align:\s*(?:left|right|center);?$", RegexOptions.CultureInvariant)]
    private static partial Regex TextAlign();

    [GeneratedRegex("""
        ^(?:quote|no-group|group-[\w-]+|title|quote-controls|avatar|md-table|poll|poll-container|poll-title|poll-info(?:_counts(?:-count)?)?
        |info-number|info-label|spoiler|bbcode-[bius]|d-wrap|d-image-grid|chcklst-box|checked|permanent|fa|fa-[\w-]+
        |discourse-local-date|hashtag|hashtag-cooked|hashtag-raw|hashtag-icon-placeholder|mention|mention-group|notify|onebox|inline-onebox
        |anchor|attachment|lightbox|lightbox-wrapper|meta|filename|informations|emoji|only-emoji|emoji-custom|footnote-ref|footnote-backref
        |footnotes-sep|footnotes-list|footnote-item|excerpt|lang-[\w+#.-]+|bidi-warning|full|source|onebox-body|onebox-metadata|site-icon
        |allowlistedgeneric|thumbnail|video-container|elided|small|highlighted|ascii-art|badge-category)$
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex ClassName();
}
