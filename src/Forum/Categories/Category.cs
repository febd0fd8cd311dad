using Forum.Database;
using Npgsql;

namespace Forum.Categories;

/// <summary>What a group may do in a category.</summary>
enum CategoryPermission
{
    /// <summary>Create topics, reply, see.</summary>
    Full = 1,

    /// <summary>Reply, see.</summary>
    Reply = 2,

    /// <summary>See.</summary>
    See = 3,
}

/// <summary>A row of categories, with its groups. Without groups, everyone may do everything.</summary>
sealed record Category
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required string Color { get; init; }

    public required string TextColor { get; init; }

    /// <summary>May be empty; then addresses use ID-category.</summary>
    public required string Slug { get; init; }

    public int? ParentId { get; init; }

    public int? TopicId { get; init; }

    public int TopicCount { get; init; }

    public int PostCount { get; init; }

    public int? Position { get; init; }

    /// <summary>HTML of the first paragraph of the definition topic.</summary>
    public string? Description { get; init; }

    public bool ReadRestricted { get; init; }

    public string? TopicTemplate { get; init; }

    public string? SortOrder { get; init; }

    public bool? SortAscending { get; init; }

    public bool ShowSubcategoryList { get; init; }

    public int NumFeaturedTopics { get; init; }

    public string? DefaultView { get; init; }

    public string? SubcategoryListStyle { get; init; }

    public string? DefaultTopPeriod { get; init; }

    public string? DefaultListFilter { get; init; }

    public int MinimumRequiredTags { get; init; }

    public bool NavigateToFirstPostAfterRead { get; init; }

    public bool AllowGlobalTags { get; init; }

    public string? ReadOnlyBanner { get; init; }

    public double? AutoCloseHours { get; init; }

    public bool AutoCloseBasedOnLastPost { get; init; }

    public bool AllowUnlimitedOwnerEdits { get; init; }

    public int? DefaultSlowModeSeconds { get; init; }

    public string? EmailIn { get; init; }

    public bool EmailInAllowStrangers { get; init; }

    public bool MailinglistMirror { get; init; }

    public bool AllTopicsWiki { get; init; }

    public bool AllowBadges { get; init; }

    public bool FeaturedLinkAllowed { get; init; }

    public int SearchPriority { get; init; }

    public int? ReviewableByGroupId { get; init; }

    public int TopicsDay { get; init; }

    public int TopicsWeek { get; init; }

    public int TopicsMonth { get; init; }

    public int TopicsYear { get; init; }

    public int? LogoId { get; init; }

    public IReadOnlyDictionary<int, CategoryPermission> Groups { get; init; } = new Dictionary<int, CategoryPermission>();

    /// <summary>The part of addresses that names it.</summary>
    public string UrlSlug => Slug.Length > 0 ? Slug : $"{Id}-category";

    /// <summary>The columns that <see cref="Read"/> takes, of categories c.</summary>
    public const string Columns = """
        c.id, c.name, c.color, c.text_color, c.slug, c.parent_category_id, c.topic_id, c.topic_count, c.post_count, c.position, c.description,
        c.read_restricted, c.topic_template, c.sort_order, c.sort_ascending, coalesce(c.show_subcategory_list, false), coalesce(c.num_featured_topics, 3),
        c.default_view, c.subcategory_list_style, c.default_top_period, c.default_list_filter, c.minimum_required_tags,
        c.navigate_to_first_post_after_read, c.allow_global_tags, c.read_only_banner, c.auto_close_hours, coalesce(c.auto_close_based_on_last_post, false),
        c.allow_unlimited_owner_edits_on_first_post, c.default_slow_mode_seconds, c.email_in, coalesce(c.email_in_allow_strangers, false), c.mailinglist_mirror,
        c.all_topics_wiki, c.allow_badges, coalesce(c.topic_featured_link_allowed, true), coalesce(c.search_priority, 0), c.reviewable_by_group_id,
        coalesce(c.topics_day, 0), coalesce(c.topics_week, 0), coalesce(c.topics_month, 0), coalesce(c.topics_year, 0), c.uploaded_logo_id,
        ARRAY(SELECT g.group_id FROM category_groups g WHERE g.category_id = c.id ORDER BY g.id),
        ARRAY(SELECT coalesce(g.permission_type, 1) FROM category_groups g WHERE g.category_id = c.id ORDER BY g.id)
        """;

    public static Category Read(NpgsqlDataReader row)
    {
        var groups = row.Ints(42);
        var permissions = row.Ints(43);
        return new Category
        {
            Id = row.Int(0),
            Name = row.Text(1),
            Color = row.Text(2),
            TextColor = row.Text(3),
            Slug = row.Text(4),
            ParentId = row.IntOrNull(5),
            TopicId = row.IntOrNull(6),
            TopicCount = row.Int(7),
            PostCount = row.Int(8),
            Position = row.IntOrNull(9),
            Description = row.TextOrNull(10),
            ReadRestricted = row.Bool(11),
            TopicTemplate = row.TextOrNull(12),
            SortOrder = row.TextOrNull(13),
            SortAscending = row.BoolOrNull(14),
            ShowSubcategoryList = row.Bool(15),
            NumFeaturedTopics = row.Int(16),
            DefaultView = row.TextOrNull(17),
            SubcategoryListStyle = row.TextOrNull(18),
            DefaultTopPeriod = row.TextOrNull(19),
            DefaultListFilter = row.TextOrNull(20),
            MinimumRequiredTags = row.Int(21),
            NavigateToFirstPostAfterRead = row.Bool(22),
            AllowGlobalTags = row.Bool(23),
            ReadOnlyBanner = row.TextOrNull(24),
            AutoCloseHours = row.NumberOrNull(25),
            AutoCloseBasedOnLastPost = row.Bool(26),
            AllowUnlimitedOwnerEdits = row.Bool(27),
            DefaultSlowModeSeconds = row.IntOrNull(28),
            EmailIn = row.TextOrNull(29),
            EmailInAllowStrangers = row.Bool(30),
            MailinglistMirror = row.Bool(31),
            AllTopicsWiki = row.Bool(32),
            AllowBadges = row.Bool(33),
            FeaturedLinkAllowed = row.Bool(34),
            SearchPriority = row.Int(35),
            ReviewableByGroupId = row.IntOrNull(36),
            TopicsDay = row.Int(37),
            TopicsWeek = row.Int(38),
            TopicsMonth = row.Int(39),
            TopicsYear = row.Int(40),
            LogoId = row.IntOrNull(41),
            Groups = groups.Zip(permissions).GroupBy(pair => pair.First)
                .ToDictionary(group => group.Key, group => (CategoryPermission)group.Min(pair => pair.Second)),
        };
    }
}
