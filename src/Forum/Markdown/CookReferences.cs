namespace Forum.Markdown;

/// <summary>What a text names and only the database can resolve. Collected while cooking.</summary>
sealed class CookReferences
{
    /// <summary>Mentioned names, lower case, without the @.</summary>
    public HashSet<string> Mentions { get; } = new(StringComparer.Ordinal);

    /// <summary>Hashtags, lower case, without the #: "slug", "parent:child", "name::tag".</summary>
    public HashSet<string> Hashtags { get; } = new(StringComparer.Ordinal);

    /// <summary>Base-62 names of uploads (upload://NAME.ext).</summary>
    public HashSet<string> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>Posts that are quoted.</summary>
    public List<QuoteReference> Quotes { get; } = [];

    /// <summary>Addresses alone on their line, which want a preview.</summary>
    public HashSet<string> Oneboxes { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty =>
        Mentions.Count == 0 && Hashtags.Count == 0 && Uploads.Count == 0 && Quotes.Count == 0 && Oneboxes.Count == 0;
}

/// <summary>A quote's source; the numbers are null where the author gave none.</summary>
sealed record QuoteReference(string Username, long? TopicId, int? PostNumber);

/// <summary>The answers to <see cref="CookReferences"/>. What is absent is shown unresolved.</summary>
sealed record CookResolution
{
    public static CookResolution None { get; } = new();

    /// <summary>Lower-case names of users that exist.</summary>
    public IReadOnlySet<string> Users { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Groups by lower-case name; the value tells whether the author may notify it.</summary>
    public IReadOnlyDictionary<string, MentionedGroup> Groups { get; init; } = new Dictionary<string, MentionedGroup>();

    public IReadOnlyDictionary<string, HashtagTarget> Hashtags { get; init; } = new Dictionary<string, HashtagTarget>();

    public IReadOnlyDictionary<string, UploadTarget> Uploads { get; init; } = new Dictionary<string, UploadTarget>();

    /// <summary>Quoted users by lower-case name.</summary>
    public IReadOnlyDictionary<string, QuotedUser> QuotedUsers { get; init; } = new Dictionary<string, QuotedUser>();

    /// <summary>Quoted topics that anyone who reads the post may see, by id.</summary>
    public IReadOnlyDictionary<long, QuotedTopic> QuotedTopics { get; init; } = new Dictionary<long, QuotedTopic>();

    /// <summary>Ready previews by address: HTML that replaces the link.</summary>
    public IReadOnlyDictionary<string, string> Oneboxes { get; init; } = new Dictionary<string, string>();

    /// <summary>The topic that the text is in: quotes from it show no topic title.</summary>
    public long? TopicId { get; init; }
}

sealed record MentionedGroup(string Name, bool Notifies);

/// <param name="Type">"category" or "tag".</param>
/// <param name="Ref">What had to be written to reach it, such as "x::tag"; null when the slug alone is enough.</param>
sealed record HashtagTarget(string Type, long Id, string Slug, string Text, string Url, string? Ref);

/// <param name="Url">Path or address of the file.</param>
/// <param name="ShortPath">/uploads/short-url/NAME.ext, for attachments.</param>
sealed record UploadTarget(string Url, string ShortPath, string Sha1, int? Width, int? Height, bool IsImage)
{
    /// <summary>The picture in the size of <see cref="Finishing.Images.Fit"/>; null when there is none.</summary>
    public string? ThumbnailUrl { get; init; }
}

/// <param name="AvatarTemplate">Contains <c>{size}</c>.</param>
/// <param name="PrimaryGroup">Name of the primary group, a class of the quote; null without.</param>
sealed record QuotedUser(string Username, string AvatarTemplate, string? PrimaryGroup);

sealed record QuotedTopic(long Id, string Slug, string FancyTitle);

/// <summary>HTML of a text, and what it refers to.</summary>
sealed record Cooked(string Html, CookReferences References);
