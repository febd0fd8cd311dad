using System.Globalization;
using Forum.Sessions;
using Forum.Web;

namespace Forum.Posts;

/// <summary>A topic, reply or message to be written.</summary>
sealed record NewPost
{
    public required string Raw { get; init; }

    public string? Title { get; init; }

    /// <summary>Null for a new topic.</summary>
    public int? TopicId { get; init; }

    public int? CategoryId { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool IsMessage { get; init; }

    /// <summary>Names of users and groups, and e-mail addresses.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    public int? ReplyToPostNumber { get; init; }

    public DateTime? CreatedAt { get; init; }

    public string? ExternalId { get; init; }

    public string? FeaturedLink { get; init; }

    public PostType Type { get; init; } = PostType.Regular;

    public string? ActionCode { get; init; }

    public string? ActionCodeWho { get; init; }

    public bool Visible { get; init; } = true;

    /// <summary>Leaves the topic where it is in lists.</summary>
    public bool NoBump { get; init; }

    public bool AutoTrack { get; init; } = true;

    public bool IsWarning { get; init; }

    /// <summary>user_to_user, system_message, notify_moderators …, of a message.</summary>
    public string? Subtype { get; init; }

    /// <summary>Rules of length and repetition do not apply: the system's own posts, and importers.</summary>
    public bool SkipValidations { get; init; }

    /// <summary>A moderator let it in: what the author may do in the topic was asked when they wrote it.</summary>
    public bool SkipPermissions { get; init; }

    /// <summary>Tags that watched words put on the topic, whoever writes it.</summary>
    public IReadOnlyList<string> AddedTags { get; init; } = [];

    /// <summary>How long the author typed, as the client says; null when it says nothing.</summary>
    public int? TypingMilliseconds { get; init; }

    /// <summary>Nobody is notified.</summary>
    public bool Silent { get; init; }

    public string? DraftKey { get; init; }

    public static NewPost From(Parameters given, CurrentUser user)
    {
        var archetype = given.Text("archetype");
        var recipients = given.List("target_recipients") ?? given.List("target_usernames") ?? [];
        if (given.Text("target_emails") is { Length: > 0 } mails)
            recipients = [.. recipients, .. mails.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        var post = new NewPost
        {
            Raw = given.Text("raw") ?? "",
            Title = given.Text("title"),
            TopicId = given.Int("topic_id"),
            CategoryId = given.Text("category") is { Length: > 0 } category
                ? int.TryParse(category, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refused.Invalid("Category is not known")
                : given.Int("category_id"),
            Tags = given.List("tags") ?? [],
            IsMessage = archetype == "private_message",
            Recipients = recipients,
            ReplyToPostNumber = given.Int("reply_to_post_number"),
            FeaturedLink = given.Text("featured_link") is { Length: > 0 } link ? link : null,
            Visible = !given.Flag("unlist_topic") && given.Bool("visible") != false,
            AutoTrack = given.Bool("auto_track") != false,
            IsWarning = given.Flag("is_warning") && user.IsStaff,
            DraftKey = given.Text("draft_key"),
            TypingMilliseconds = user.IsApi ? null : given.Int("typing_duration_msecs"),
        };
        if (given.Flag("no_bump") && !user.IsStaff)
            throw Refused.InvalidParameters("no_bump");
        post = post with { NoBump = given.Flag("no_bump") };
        if (given.Flag("shared_draft"))
            throw Refused.InvalidParameters("shared_draft");
        if (!user.IsApi)
            return post;

        // Only with an API key, as the published API says.
        DateTime? createdAt = given.Text("created_at") is { Length: > 0 } time
            ? DateTime.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at)
                ? at
                : throw Refused.InvalidParameters("created_at")
            : null;
        return post with
        {
            CreatedAt = user.IsStaff ? createdAt : null,
            ExternalId = given.Text("external_id"),
            SkipValidations = user.IsStaff && given.Flag("skip_validations"),
            Silent = user.IsStaff && given.Flag("import_mode"),
        };
    }
}
