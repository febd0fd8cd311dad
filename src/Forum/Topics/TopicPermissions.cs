using Forum.Categories;
using Forum.Viewing;

namespace Forum.Topics;

/// <summary>What a user may do with a topic. Pure: the viewer and the topic in, an answer out.</summary>
static class TopicPermissions
{
    public static bool CanSee(Viewer viewer, Topic topic)
    {
        var user = viewer.User;
        if (topic.IsDeleted && !user.IsStaff)
            return false;
        if (topic.IsMessage)
            return IsParticipant(viewer, topic) || user.IsAdmin;
        return viewer.Categories.Find(topic.CategoryId) is not { } category ? user.IsStaff || topic.CategoryId is null : CategoryPermissions.CanSee(user, category);
    }

    public static bool IsParticipant(Viewer viewer, Topic topic) =>
        !viewer.User.IsAnonymous &&
        (topic.AllowedUserIds.Contains(viewer.User.Id) || topic.AllowedGroupIds.Any(group => viewer.User.GroupIds.Contains(group)));

    /// <summary>Staff everywhere, and leaders (trust level 4) in public topics; nobody who is silenced.</summary>
    public static bool CanModerate(Viewer viewer, Topic topic) =>
        !viewer.IsSilenced && CanSee(viewer, topic) && (viewer.User.IsStaff || (!topic.IsMessage && IsLeader(viewer)));

    static bool IsLeader(Viewer viewer) => !viewer.User.IsAnonymous && viewer.User.TrustLevel >= 4;

    public static bool CanReply(Viewer viewer, Topic topic)
    {
        var user = viewer.User;
        if (user.IsAnonymous || viewer.IsSilenced || topic.IsDeleted || !CanSee(viewer, topic))
            return false;
        if (topic.Archived && !user.IsStaff)
            return false;
        if (topic.Closed && !CanModerate(viewer, topic))
            return false;
        return topic.IsMessage || viewer.Categories.Find(topic.CategoryId) is not { } category || user.IsAdmin || CategoryPermissions.CanReply(user, category);
    }

    /// <summary>Title, category and tags.</summary>
    public static bool CanEdit(Viewer viewer, Topic topic)
    {
        var user = viewer.User;
        if (user.IsAnonymous || viewer.IsSilenced || topic.IsDeleted || !CanSee(viewer, topic))
            return false;
        if (user.IsStaff)
            return true;
        if (topic.Archived)
            return false;
        if (!topic.IsMessage && (IsLeader(viewer) || user.IsInAny(viewer.Settings.Ids("edit_all_topic_groups"))))
            return viewer.Categories.Find(topic.CategoryId) is not { } category || CategoryPermissions.CanReply(user, category);
        return topic.UserId == user.Id && !IsPastEditTime(viewer, topic.CreatedAt);
    }

    /// <summary>Whether an author's time to edit is over; 0 minutes mean no end.</summary>
    public static bool IsPastEditTime(Viewer viewer, DateTime createdAt)
    {
        var minutes = viewer.Settings.Int(viewer.User.TrustLevel < 2 ? "post_edit_time_limit" : "tl2_post_edit_time_limit");
        return minutes > 0 && createdAt.AddMinutes(minutes) < viewer.Now;
    }

    /// <summary>Staff, leaders, and authors whose topic nobody has answered. A category's definition stays.</summary>
    public static bool CanDelete(Viewer viewer, Topic topic)
    {
        var user = viewer.User;
        if (user.IsAnonymous || viewer.IsSilenced || topic.IsDeleted || !CanSee(viewer, topic) || viewer.Categories.All.Any(category => category.TopicId == topic.Id))
            return false;
        return user.IsStaff || (IsLeader(viewer) && !topic.IsMessage) ||
            (topic.UserId == user.Id && !topic.IsMessage && topic.PostsCount <= 1 && topic.CreatedAt > viewer.Now.AddDays(-1));
    }

    public static bool CanRecover(Viewer viewer, Topic topic) => viewer.User.IsStaff && topic.IsDeleted;

    public static bool CanInvite(Viewer viewer, Topic topic) => !viewer.IsSilenced && topic.IsMessage && CanSee(viewer, topic) && CanSendMessages(viewer);

    public static bool CanCreateIn(Viewer viewer, Category category) => CanCreate(viewer) && CategoryPermissions.CanCreateTopic(viewer.User, category);

    public static bool CanCreate(Viewer viewer) =>
        !viewer.User.IsAnonymous && !viewer.IsSilenced && (viewer.User.IsStaff || viewer.User.IsInAny(viewer.Settings.Ids("create_topic_allowed_groups")));

    public static bool CanSendMessages(Viewer viewer) =>
        !viewer.User.IsAnonymous && (viewer.User.IsStaff || (!viewer.IsSilenced && viewer.User.IsInAny(viewer.Settings.Ids("personal_message_enabled_groups"))));
}
