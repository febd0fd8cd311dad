namespace Forum.Lists;

/// <summary>Which topics a list holds, in which order. All conditions hold together; null and empty ask nothing.</summary>
sealed record TopicListQuery
{
    /// <summary>Ids of categories, already narrowed to those that the reader may see.</summary>
    public required int[] Categories { get; init; }

    /// <summary>0-based.</summary>
    public int Page { get; init; }

    public int PerPage { get; init; } = 30;

    /// <summary>activity, created, views, posts, likes, op_likes, category, posters, title, or top with a period.</summary>
    public string Order { get; init; } = "activity";

    public bool Ascending { get; init; }

    /// <summary>Pinned topics come first: "global" ones in lists of everything, "category" ones in a category.</summary>
    public bool PinnedFirst { get; init; }

    public bool InCategory { get; init; }

    public int[] AllTags { get; init; } = [];

    public int[] AnyTags { get; init; } = [];

    public int[] NotTags { get; init; } = [];

    /// <summary>open, closed, archived, listed, unlisted, deleted, public, noreplies, single_user.</summary>
    public string? Status { get; init; }

    public int? MinPosts { get; init; }

    public int? MaxPosts { get; init; }

    public int? MinViews { get; init; }

    public int? MaxViews { get; init; }

    public int? MinLikes { get; init; }

    public int? MaxLikes { get; init; }

    public int? CreatedBy { get; init; }

    public DateTime? CreatedAfter { get; init; }

    public DateTime? CreatedBefore { get; init; }

    public DateTime? BumpedAfter { get; init; }

    public DateTime? BumpedBefore { get; init; }

    /// <summary>new, unread, unseen, bookmarked, posted, read, watching, tracking, muted, mine.</summary>
    public string? In { get; init; }

    /// <summary>Topics created before are not new to the reader.</summary>
    public DateTime NewSince { get; init; } = DateTime.MinValue;

    /// <summary>Leaves out topics that describe a category.</summary>
    public bool NoDefinitions { get; init; }

    /// <summary>Leaves out what the reader muted.</summary>
    public bool HideMuted { get; init; } = true;

    /// <summary>daily … yearly, all; for order top.</summary>
    public string Period { get; init; } = "all";

    public string? TitleContains { get; init; }
}
