namespace Forum.Markdown;

/// <summary>What cooking depends on besides the text: the site's address and the settings that change the output.</summary>
sealed record CookOptions
{
    /// <summary>Address of the site without a trailing slash, for telling own links from foreign ones.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>Number of the post, part of footnote anchors; 0 while it has none.</summary>
    public long PostId { get; init; }

    /// <summary>Adds rel="noopener nofollow ugc" to links that leave the site (off for trusted authors).</summary>
    public bool NoFollow { get; init; } = true;

    /// <summary>Turns bare addresses into links (setting enable_markdown_linkify).</summary>
    public bool Linkify { get; init; } = true;

    /// <summary>Curly quotes, dashes and the like (setting enable_markdown_typographer).</summary>
    public bool Typographer { get; init; } = true;

    /// <summary>Single newlines join lines instead of breaking them (setting traditional_markdown_linebreaks).</summary>
    public bool TraditionalLinebreaks { get; init; }

    /// <summary>Emoji become images (setting enable_emoji).</summary>
    public bool Emoji { get; init; } = true;

    /// <summary>Start of the addresses that may be framed (setting allowed_iframes).</summary>
    public IReadOnlyList<string> AllowedIframes { get; init; } = [];

    /// <summary>Schemes that links may have besides http, https, mailto and tel (setting allowed_href_schemes).</summary>
    public IReadOnlyList<string> AllowedSchemes { get; init; } = [];

    /// <summary>Words that are masked, replaced or linked.</summary>
    public IReadOnlyList<WatchedText> Watched { get; init; } = [];
}

enum WatchedTextAction { Censor, Replace, Link }

/// <summary>A watched word that changes what is shown: <c>*</c> in the word stands for any run of letters.</summary>
sealed record WatchedText(string Word, WatchedTextAction Action, string Replacement, bool CaseSensitive);
