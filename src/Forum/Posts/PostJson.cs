using System.Text.Json.Nodes;
using Forum.Markdown;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Posts;

/// <summary>Where a post is shown; each place has attributes of its own.</summary>
enum PostShape
{
    /// <summary>In a topic's stream.</summary>
    Stream,

    /// <summary>Alone: /posts/ID and answers to changes.</summary>
    Single,

    /// <summary>In a list over topics.</summary>
    Latest,

    /// <summary>Among the replies to a post.</summary>
    Reply,
}

/// <summary>Posts in Discourse's shape.</summary>
static class PostJson
{
    static readonly int[] Flags = [3, 4, 8, 10, 7];
    const int NotifyUser = 6;

    public static JsonObject Of(Post post, Topic topic, Viewer viewer, PostMarks marks, string host, PostShape shape, bool withRaw)
    {
        var user = viewer.User;
        var hidden = post.Hidden && !PostPermissions.CanSeeHidden(viewer, post);
        var bookmark = marks.Bookmark(post.Id);
        var json = new JsonObject
        {
            ["id"] = post.Id,
            ["name"] = post.Author.Name ?? "",
            ["username"] = post.Author.Username,
            ["avatar_template"] = Avatars.Template(post.Author.Username, post.Author.AvatarId, host),
            ["created_at"] = JsonParts.Time(post.CreatedAt),
            ["cooked"] = hidden ? "<p>This post was flagged by the community and is temporarily hidden.</p>" : post.Cooked,
            ["post_number"] = post.PostNumber,
            ["post_type"] = (int)post.Type,
        };
        if (shape != PostShape.Stream)
            json["posts_count"] = topic.PostsCount;
        json["updated_at"] = JsonParts.Time(post.UpdatedAt);
        json["reply_count"] = post.ReplyCount;
        json["reply_to_post_number"] = post.ReplyToPostNumber;
        json["quote_count"] = post.QuoteCount;
        json["incoming_link_count"] = post.IncomingLinkCount;
        json["reads"] = post.Reads;
        json["readers_count"] = Math.Max(post.Reads - 1, 0);
        json["score"] = post.Score;
        json["yours"] = !user.IsAnonymous && post.UserId == user.Id;
        json["topic_id"] = post.TopicId;
        json["topic_slug"] = topic.Slug;
        if (shape == PostShape.Latest)
        {
            json["topic_title"] = topic.Title;
            json["topic_html_title"] = topic.FancyTitle;
            json["category_id"] = topic.CategoryId;
        }

        json["display_username"] = post.Author.Name ?? "";
        json["primary_group_name"] = post.PrimaryGroupName;
        json["flair_name"] = post.FlairName;
        json["flair_url"] = post.FlairIcon;
        json["flair_bg_color"] = post.FlairBackground;
        json["flair_color"] = post.FlairColor;
        if (shape != PostShape.Stream || viewer.WantsExtras)
            json["flair_group_id"] = post.FlairGroupId;
        if (shape is PostShape.Single or PostShape.Latest)
            json["badges_granted"] = new JsonArray();
        json["version"] = user.IsStaff ? post.Version : post.PublicVersion;
        json["can_edit"] = PostPermissions.CanEdit(viewer, topic, post);
        json["can_delete"] = PostPermissions.CanDelete(viewer, topic, post);
        json["can_recover"] = PostPermissions.CanRecover(viewer, topic, post);
        json["can_see_hidden_post"] = PostPermissions.CanSeeHidden(viewer, post);
        json["can_wiki"] = PostPermissions.CanWiki(viewer, topic, post);
        if (shape == PostShape.Stream)
        {
            json["link_counts"] = new JsonArray();
            json["read"] = topic.Mine?.LastReadPostNumber >= post.PostNumber;
        }

        json["user_title"] = post.AuthorTitle;
        if (post.ReplyToUser is { } replied && shape is not PostShape.Latest)
            json["reply_to_user"] = replied.Json(host);
        json["bookmarked"] = bookmark is not null;
        if (bookmark is not null && viewer.WantsExtras)
        {
            json["bookmark_id"] = bookmark.BookmarkId;
            json["bookmark_name"] = bookmark.BookmarkName;
            json["bookmark_reminder_at"] = JsonParts.Time(bookmark.ReminderAt);
            json["bookmark_auto_delete_preference"] = bookmark.AutoDelete;
        }

        if (withRaw && !hidden)
            json["raw"] = post.Raw;
        json["actions_summary"] = Actions(post, topic, viewer, marks);
        json["moderator"] = post.AuthorIsModerator;
        json["admin"] = post.AuthorIsAdmin;
        json["staff"] = post.AuthorIsAdmin || post.AuthorIsModerator;
        json["user_id"] = post.UserId;
        json["hidden"] = post.Hidden;
        json["trust_level"] = post.AuthorTrustLevel;
        json["deleted_at"] = JsonParts.Time(post.DeletedAt);
        json["user_deleted"] = post.UserDeleted;
        json["edit_reason"] = post.EditReason;
        json["can_view_edit_history"] = PostPermissions.CanSeeHistory(viewer, topic, post);
        json["wiki"] = post.Wiki;
        if (post.ActionCode is { } code)
            json["action_code"] = code;
        if (post.ActionCodeWho is { } who)
            json["action_code_who"] = who;
        if (post.LockedById is { } locker && user.IsStaff)
            json["locked_by_id"] = locker;
        if (shape == PostShape.Latest)
        {
            json["excerpt"] = Excerpt.Of(post.Cooked, 300);
            json["truncated"] = Excerpt.PlainText(post.Cooked).Length > 300;
        }

        json["reviewable_id"] = shape == PostShape.Stream ? 0 : null;
        json["reviewable_score_count"] = 0;
        json["reviewable_score_pending_count"] = 0;
        if (shape != PostShape.Stream || viewer.WantsExtras)
            json["post_url"] = $"{topic.Url}/{post.PostNumber}";
        return json;
    }

    static JsonArray Actions(Post post, Topic topic, Viewer viewer, PostMarks marks)
    {
        var list = new JsonArray();
        var mine = marks.Action(post.Id, 2);
        var canLike = mine is null && PostPermissions.CanLike(viewer, topic, post);
        if (post.LikeCount > 0 || canLike || mine is not null)
        {
            var like = new JsonObject { ["id"] = 2 };
            if (post.LikeCount > 0)
                like["count"] = post.LikeCount;
            if (mine is not null)
            {
                like["acted"] = true;
                if (mine.CreatedAt.AddMinutes(viewer.Settings.Int("post_undo_action_window_mins")) > viewer.Now)
                    like["can_undo"] = true;
            }
            else if (canLike)
            {
                like["can_act"] = true;
            }

            list.Add(like);
        }

        if (!PostPermissions.CanFlag(viewer, topic, post))
            return list;
        foreach (var flag in Flags)
            list.Add(Flag(flag, marks.Action(post.Id, flag) is not null));
        if (post.UserId != viewer.User.Id && TopicPermissions.CanSendMessages(viewer))
            list.Add(Flag(NotifyUser, marks.Action(post.Id, NotifyUser) is not null));
        return list;
    }

    static JsonObject Flag(int id, bool acted) =>
        acted ? new JsonObject { ["id"] = id, ["acted"] = true } : new JsonObject { ["id"] = id, ["can_act"] = true };
}
