using Forum.Categories;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Posts;

/// <summary>What a user may do with a post. Pure: viewer, topic and post in, an answer out.</summary>
static class PostPermissions
{
    public static bool CanSee(Viewer viewer, Topic topic, Post post)
    {
        if (!TopicPermissions.CanSee(viewer, topic))
            return false;
        if (post.IsDeleted && !viewer.User.IsStaff)
            return false;
        return post.Type != PostType.Whisper || viewer.CanSeeWhispers;
    }

    /// <summary>The text of a post that flags have hidden.</summary>
    public static bool CanSeeHidden(Viewer viewer, Post post) =>
        viewer.User.IsStaff || (!viewer.User.IsAnonymous && (post.UserId == viewer.User.Id || viewer.User.TrustLevel >= 4));

    public static bool CanEdit(Viewer viewer, Topic topic, Post post)
    {
        var user = viewer.User;
        if (user.IsAnonymous || viewer.IsSilenced || post.IsDeleted || post.Type == PostType.SmallAction || !CanSee(viewer, topic, post))
            return false;
        if (user.IsStaff)
            return true;
        if (post.LockedById is not null || topic.Archived || topic.IsDeleted || post.UserDeleted)
            return false;
        if (!topic.IsMessage && (user.TrustLevel >= 4 || user.IsInAny(viewer.Settings.Ids("edit_all_post_groups"))) && CanReplyIn(viewer, topic))
            return true;
        if (post.Wiki && CanReplyIn(viewer, topic) && user.IsInAny(viewer.Settings.Ids("edit_wiki_post_allowed_groups")))
            return true;
        return post.UserId == user.Id && (IsUnlimited(viewer, topic, post) || !TopicPermissions.IsPastEditTime(viewer, post.CreatedAt));
    }

    static bool CanReplyIn(Viewer viewer, Topic topic) =>
        viewer.Categories.Find(topic.CategoryId) is not { } category || CategoryPermissions.CanReply(viewer.User, category);

    static bool IsUnlimited(Viewer viewer, Topic topic, Post post) =>
        post.PostNumber == 1 && viewer.Categories.Find(topic.CategoryId)?.AllowUnlimitedOwnerEdits == true;

    public static bool CanDelete(Viewer viewer, Topic topic, Post post)
    {
        var user = viewer.User;
        if (user.IsAnonymous || viewer.IsSilenced || post.IsDeleted || !CanSee(viewer, topic, post))
            return false;
        if (post.PostNumber == 1)
            return TopicPermissions.CanDelete(viewer, topic);
        if (user.IsStaff || (user.TrustLevel >= 4 && !topic.IsMessage && post.UserId != user.Id))
            return true;
        return post.UserId == user.Id && !post.UserDeleted && !topic.Archived && post.Type != PostType.SmallAction &&
            !TopicPermissions.IsPastEditTime(viewer, post.CreatedAt);
    }

    public static bool CanRecover(Viewer viewer, Topic topic, Post post) =>
        !viewer.User.IsAnonymous && !viewer.IsSilenced &&
        ((post.IsDeleted && viewer.User.IsStaff) || (post.UserDeleted && !post.IsDeleted && post.UserId == viewer.User.Id && !topic.IsDeleted));

    public static bool CanWiki(Viewer viewer, Topic topic, Post post) =>
        !viewer.User.IsAnonymous && !viewer.IsSilenced && !topic.IsDeleted && post.Type != PostType.SmallAction &&
        (viewer.User.IsStaff || (!topic.IsMessage && viewer.User.TrustLevel >= 4) ||
            (post.UserId == viewer.User.Id && viewer.User.IsInAny(viewer.Settings.Ids("self_wiki_allowed_groups")) && CanEdit(viewer, topic, post)));

    public static bool CanLike(Viewer viewer, Topic topic, Post post) =>
        !viewer.User.IsAnonymous && !viewer.IsSilenced && post.UserId != viewer.User.Id && !topic.Archived && !post.IsDeleted &&
        post.Type is PostType.Regular or PostType.Whisper && CanSee(viewer, topic, post);

    public static bool CanFlag(Viewer viewer, Topic topic, Post post) =>
        !viewer.User.IsAnonymous && !viewer.IsSilenced && !topic.Archived && !post.IsDeleted && !post.Hidden &&
        post.Type is PostType.Regular or PostType.Whisper && CanSee(viewer, topic, post) &&
        (viewer.User.IsStaff || viewer.User.IsInAny(viewer.Settings.Ids("flag_post_allowed_groups")));

    public static bool CanSeeHistory(Viewer viewer, Topic topic, Post post) =>
        CanSee(viewer, topic, post) && (viewer.User.IsStaff || (!viewer.User.IsAnonymous && (viewer.User.TrustLevel >= 4 || post.UserId == viewer.User.Id)) ||
            (!post.Hidden && viewer.Settings.Bool("edit_history_visible_to_public")));
}
