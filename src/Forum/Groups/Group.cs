using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Npgsql;

namespace Forum.Groups;

/// <summary>Who sees a group or its members, and who may mention it or write to it; the numbers are those of the columns.</summary>
enum GroupVisibility
{
    Public = 0,
    LoggedOnUsers = 1,
    Members = 2,
    Staff = 3,
    Owners = 4,
}

sealed record Group
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public bool IsAutomatic { get; init; }

    public int UserCount { get; init; }

    public int MentionableLevel { get; init; }

    public int MessageableLevel { get; init; }

    public GroupVisibility Visibility { get; init; }

    public GroupVisibility MembersVisibility { get; init; }

    public bool IsPrimary { get; init; }

    public string? Title { get; init; }

    public int? GrantTrustLevel { get; init; }

    public string? IncomingEmail { get; init; }

    public bool HasMessages { get; init; }

    public string? FlairIcon { get; init; }

    public string? FlairBgColor { get; init; }

    public string? FlairColor { get; init; }

    public string? BioRaw { get; init; }

    public string? BioCooked { get; init; }

    public bool PublicAdmission { get; init; }

    public bool PublicExit { get; init; }

    public bool AllowMembershipRequests { get; init; }

    public string? FullName { get; init; }

    public int DefaultNotificationLevel { get; init; }

    public string? MembershipRequestTemplate { get; init; }

    public bool PublishReadState { get; init; }

    public string? AutomaticDomains { get; init; }

    public bool AllowUnknownSenderReplies { get; init; }

    /// <summary>Whether the viewer is in it, and owns it.</summary>
    public bool IsMember { get; init; }

    public bool IsOwner { get; init; }

    /// <summary>Of groups g; $1 is the viewer's id.</summary>
    public const string Columns = """
        g.id, g.name, g.automatic, g.user_count, coalesce(g.mentionable_level, 0), coalesce(g.messageable_level, 0), g.visibility_level, g.members_visibility_level,
        g.primary_group, g.title, g.grant_trust_level, g.incoming_email, g.has_messages, g.flair_icon, g.flair_bg_color, g.flair_color, g.bio_raw, g.bio_cooked,
        g.public_admission, g.public_exit, g.allow_membership_requests, g.full_name, g.default_notification_level, g.membership_request_template,
        g.publish_read_state, g.automatic_membership_email_domains, g.allow_unknown_sender_topic_replies,
        EXISTS (SELECT FROM group_users m WHERE m.group_id = g.id AND m.user_id = $1),
        EXISTS (SELECT FROM group_users m WHERE m.group_id = g.id AND m.user_id = $1 AND m.owner)
        """;

    public static Group Read(NpgsqlDataReader row) => new()
    {
        Id = row.Int(0),
        Name = row.Text(1),
        IsAutomatic = row.Bool(2),
        UserCount = row.Int(3),
        MentionableLevel = row.Int(4),
        MessageableLevel = row.Int(5),
        Visibility = (GroupVisibility)row.Int(6),
        MembersVisibility = (GroupVisibility)row.Int(7),
        IsPrimary = row.Bool(8),
        Title = row.TextOrNull(9),
        GrantTrustLevel = row.IntOrNull(10),
        IncomingEmail = row.TextOrNull(11),
        HasMessages = row.Bool(12),
        FlairIcon = row.TextOrNull(13),
        FlairBgColor = row.TextOrNull(14),
        FlairColor = row.TextOrNull(15),
        BioRaw = row.TextOrNull(16),
        BioCooked = row.TextOrNull(17),
        PublicAdmission = row.Bool(18),
        PublicExit = row.Bool(19),
        AllowMembershipRequests = row.Bool(20),
        FullName = row.TextOrNull(21),
        DefaultNotificationLevel = row.Int(22),
        MembershipRequestTemplate = row.TextOrNull(23),
        PublishReadState = row.Bool(24),
        AutomaticDomains = row.TextOrNull(25),
        AllowUnknownSenderReplies = row.Bool(26),
        IsMember = row.Bool(27),
        IsOwner = row.Bool(28),
    };

    public bool IsVisibleTo(CurrentUser viewer) => Allows(Visibility, viewer);

    public bool AreMembersVisibleTo(CurrentUser viewer) => Allows(MembersVisibility, viewer);

    public bool IsManagedBy(CurrentUser viewer) => viewer.IsAdmin || (!IsAutomatic && IsOwner);

    /// <summary>Whether the viewer may mention it, or write to it: the meaning of mentionable_level and messageable_level.</summary>
    public bool IsReachedBy(CurrentUser viewer, int level) => level switch
    {
        99 => !viewer.IsAnonymous,
        4 => viewer.IsStaff || IsOwner,
        3 => viewer.IsStaff || IsMember,
        2 => viewer.IsStaff,
        1 => viewer.IsAdmin,
        _ => false,
    };

    public JsonObject Json(CurrentUser viewer, bool withMembership)
    {
        var body = new JsonObject
        {
            ["id"] = Id,
            ["automatic"] = IsAutomatic,
            ["name"] = Name,
            ["display_name"] = FullName is { Length: > 0 } ? FullName : Name,
            ["user_count"] = UserCount,
            ["mentionable_level"] = MentionableLevel,
            ["messageable_level"] = MessageableLevel,
            ["visibility_level"] = (int)Visibility,
            ["primary_group"] = IsPrimary,
            ["title"] = Title,
            ["grant_trust_level"] = GrantTrustLevel,
            ["incoming_email"] = IncomingEmail,
            ["has_messages"] = HasMessages,
            ["flair_url"] = FlairIcon,
            ["flair_bg_color"] = FlairBgColor,
            ["flair_color"] = FlairColor,
            ["bio_raw"] = BioRaw,
            ["bio_cooked"] = BioCooked,
            ["bio_excerpt"] = BioRaw is { Length: > 110 } bio ? bio[..110] : BioRaw,
            ["public_admission"] = PublicAdmission,
            ["public_exit"] = PublicExit,
            ["allow_membership_requests"] = AllowMembershipRequests,
            ["full_name"] = FullName,
            ["default_notification_level"] = DefaultNotificationLevel,
            ["membership_request_template"] = MembershipRequestTemplate,
            ["members_visibility_level"] = (int)MembersVisibility,
            ["can_see_members"] = AreMembersVisibleTo(viewer),
            ["can_admin_group"] = viewer.IsAdmin,
            ["publish_read_state"] = PublishReadState,
        };
        if (withMembership)
        {
            body["can_edit_group"] = IsManagedBy(viewer);
            if (!viewer.IsAnonymous)
            {
                body["is_group_user"] = IsMember;
                body["is_group_owner"] = IsOwner;
            }
        }

        return body;
    }

    bool Allows(GroupVisibility visibility, CurrentUser viewer) => viewer.IsAdmin || visibility switch
    {
        GroupVisibility.Public => true,
        GroupVisibility.LoggedOnUsers => !viewer.IsAnonymous,
        GroupVisibility.Members => IsMember || IsOwner,
        GroupVisibility.Staff => viewer.IsStaff || IsOwner,
        _ => IsOwner,
    };
}
