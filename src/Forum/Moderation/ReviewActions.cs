using Forum.Posts;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Moderation;

/// <summary>A reviewable with what it is about.</summary>
sealed record ReviewSubject(Reviewable Reviewable, Post? Post, Topic? Topic, ReviewTarget? Target);

/// <summary>Who wrote it, or waits to be let in.</summary>
sealed record ReviewTarget(int Id, bool IsStaff, DateTime? FirstPostAt, int TrustLevel)
{
    public bool CanBeDeletedBy(Viewer viewer) => Id > 0 && !IsStaff && viewer.User.IsStaff &&
        !(FirstPostAt < viewer.Now.AddDays(-viewer.Settings.Int("delete_user_max_post_age")));
}

/// <summary>Something that a moderator can do about a reviewable.</summary>
/// <param name="Name">What the client sends back: agree_and_hide …</param>
/// <param name="Icon">Of the button.</param>
/// <param name="Label">Of the button.</param>
/// <param name="Bundle">The menu that it is in: agree, ignore, reject, delete_user; null for a button of its own.</param>
/// <param name="ClientAction">A dialogue that the client opens afterwards: suspend, silence, edit.</param>
/// <param name="Confirm">A question to ask first.</param>
/// <param name="RequiresReason">The client asks for reject_reason.</param>
sealed record ReviewAction(string Name, string Icon, string Label, string? Bundle = null, string? ClientAction = null, string? Confirm = null, bool RequiresReason = false);

/// <summary>Which actions there are. Pure: the subject and the viewer in, a list out.</summary>
/// <remarks>Source: upstream's app/models/reviewable_flagged_post.rb, reviewable_queued_post.rb and reviewable_user.rb.</remarks>
static class ReviewActions
{
    public static readonly IReadOnlyDictionary<string, (string Icon, string Label)> Bundles = new Dictionary<string, (string, string)>
    {
        ["agree"] = ("thumbs-up", "Yes"),
        ["ignore"] = ("thumbs-up", "Ignore"),
        ["reject-post"] = ("xmark", "Reject"),
        ["delete-user"] = ("user-xmark", "Delete user"),
    };

    public static IReadOnlyList<ReviewAction> Of(ReviewSubject subject, Viewer viewer) => subject.Reviewable.Type switch
    {
        Reviewable.FlaggedPost => [.. Flagged(subject, viewer)],
        Reviewable.QueuedPost => [.. Queued(subject, viewer)],
        Reviewable.NewUser => [.. Member(subject, viewer)],
        _ => [],
    };

    static IEnumerable<ReviewAction> Flagged(ReviewSubject subject, Viewer viewer)
    {
        if (!subject.Reviewable.IsPending || subject.Post is not { } post || subject.Topic is not { } topic)
            yield break;
        var deletable = PostPermissions.CanDelete(viewer, topic, post);
        if (subject.Reviewable.IsPotentialSpam && subject.Target?.CanBeDeletedBy(viewer) == true)
        {
            yield return new("delete_user", "user-xmark", "Delete user", "agree", Confirm: "Delete this user and all that they wrote?");
            yield return new("delete_user_block", "ban", "Delete and block user", "agree", Confirm: "Delete this user and all that they wrote, and block their address?");
        }

        if (!post.UserDeleted && !post.Hidden)
            yield return new("agree_and_hide", "far-eye-slash", "Hide post", "agree");
        if (post.Hidden)
        {
            yield return new("agree_and_keep_hidden", "thumbs-up", "Keep post hidden", "agree");
        }
        else
        {
            yield return new("agree_and_keep", "thumbs-up", "Keep post", "agree");
            yield return new("agree_and_edit", "pencil", "Keep and edit post", "agree", "edit");
        }

        if (deletable)
        {
            yield return new("delete_and_agree", "trash-can", "Delete post", "agree");
            if (post.ReplyCount > 0)
                yield return new("delete_and_agree_replies", "trash-can", "Delete post and replies", "agree", Confirm: "Delete the replies to the post too?");
        }

        if (subject.Target is { IsStaff: false, Id: > 0 })
        {
            yield return new("agree_and_suspend", "ban", "Suspend user", "agree", "suspend");
            yield return new("agree_and_silence", "microphone-slash", "Silence user", "agree", "silence");
        }

        if (post.UserDeleted)
            yield return new("agree_and_restore", "far-eye", "Restore post", "agree");
        yield return post.Hidden ? new("disagree_and_restore", "thumbs-down", "No, restore post") : new("disagree", "thumbs-down", "No");
        if (!post.Hidden)
            yield return new("ignore_and_do_nothing", "up-right-from-square", "Do nothing", "ignore");
        if (!deletable)
            yield break;
        yield return new("delete_and_ignore", "trash-can", "Delete post", "ignore");
        if (post.ReplyCount > 0)
            yield return new("delete_and_ignore_replies", "trash-can", "Delete post and replies", "ignore", Confirm: "Delete the replies to the post too?");
    }

    static IEnumerable<ReviewAction> Queued(ReviewSubject subject, Viewer viewer)
    {
        var reviewable = subject.Reviewable;
        if (reviewable.Status is ReviewableStatus.Pending or ReviewableStatus.Rejected && subject.Target is not null)
        {
            yield return subject.Topic?.Closed == true
                ? new("approve_post_closed", "check", "Approve post", Confirm: "The topic is closed. Publish the post in it anyway?")
                : new("approve_post", "check", "Approve post");
        }

        if (!reviewable.IsPending)
            yield break;
        yield return new("reject_post", "xmark", "Discard post", "reject-post");
        yield return new("revise_and_reject_post", "envelope", "Ask for changes", "reject-post");
        if (subject.Target?.CanBeDeletedBy(viewer) != true)
            yield break;
        yield return new("delete_user", "user-xmark", "Delete user", "reject-post", Confirm: "Delete this user and all that they wrote?");
        yield return new("delete_user_block", "ban", "Delete and block user", "reject-post", Confirm: "Delete this user and all that they wrote, and block their address?");
    }

    static IEnumerable<ReviewAction> Member(ReviewSubject subject, Viewer viewer)
    {
        if (!subject.Reviewable.IsPending)
            yield break;
        if (subject.Target is not null)
            yield return new("approve_user", "user-plus", "Approve");
        if (subject.Target is not null && !subject.Target.CanBeDeletedBy(viewer))
            yield break;
        yield return new("delete_user", "user-xmark", "Delete user", "delete-user", RequiresReason: true);
        yield return new("delete_user_block", "ban", "Delete and block user", "delete-user", RequiresReason: true);
    }
}
