using System.Text.Json.Nodes;
using Forum.Posts;
using Forum.Viewing;

namespace Forum.Topics;

/// <summary>A topic's page in Discourse's shape.</summary>
static class TopicJson
{
    static readonly int[] TopicFlags = [4, 8, 10, 7];

    public static JsonObject Show(TopicPage page, string host)
    {
        var (topic, viewer) = (page.Topic, page.Viewer);
        var user = viewer.User;
        var json = new JsonObject
        {
            ["post_stream"] = new JsonObject
            {
                ["posts"] = Posts(page, host),
                ["stream"] = page.Stream.Select(entry => entry.Id).ToJsonArray(),
            },
            ["timeline_lookup"] = Timeline(page.Stream),
            ["suggested_topics"] = page.Suggested.Select(suggested => Suggested(suggested, viewer, host)).ToJsonArray(),
            ["tags"] = Tags(topic),
            ["tags_descriptions"] = new JsonObject(),
            ["id"] = topic.Id,
            ["title"] = topic.Title,
            ["fancy_title"] = topic.FancyTitle,
            ["posts_count"] = topic.PostsCount,
            ["created_at"] = JsonParts.Time(topic.CreatedAt),
            ["views"] = topic.Views,
            ["reply_count"] = topic.ReplyCount,
            ["like_count"] = topic.LikeCount,
            ["last_posted_at"] = JsonParts.Time(topic.LastPostedAt),
            ["visible"] = topic.Visible,
            ["closed"] = topic.Closed,
            ["archived"] = topic.Archived,
            ["has_summary"] = topic.HasSummary,
            ["archetype"] = topic.Archetype,
            ["slug"] = topic.Slug,
            ["category_id"] = topic.CategoryId,
            ["word_count"] = topic.WordCount,
            ["deleted_at"] = JsonParts.Time(topic.DeletedAt),
            ["user_id"] = topic.UserId,
            ["featured_link"] = topic.FeaturedLink,
            ["pinned_globally"] = topic.PinnedGlobally,
            ["pinned_at"] = JsonParts.Time(topic.PinnedAt),
            ["pinned_until"] = JsonParts.Time(topic.PinnedUntil),
            ["image_url"] = topic.ImageUrl,
            ["slow_mode_seconds"] = topic.SlowModeSeconds,
            ["draft"] = page.Draft.Data,
            ["draft_key"] = $"topic_{topic.Id}",
            ["draft_sequence"] = user.IsAnonymous ? 0 : page.Draft.Sequence,
        };
        if (topic.Mine is { } mine && viewer.WantsExtras)
        {
            json["posted"] = mine.Posted;
            json["last_read_post_number"] = mine.LastReadPostNumber;
            json["last_read_post_id"] = page.Stream.Where(entry => entry.PostNumber <= mine.LastReadPostNumber).Select(entry => (int?)entry.Id).LastOrDefault();
        }

        json["unpinned"] = null;
        json["pinned"] = topic.IsPinned(viewer.Now);
        if (page.Posts.Count > 0)
            json["current_post_number"] = page.PostNumber ?? page.Posts[0].PostNumber;
        json["highest_post_number"] = viewer.CanSeeWhispers ? topic.HighestStaffPostNumber : topic.HighestPostNumber;
        json["deleted_by"] = null;
        json["has_deleted"] = false;
        json["actions_summary"] = TopicFlags.Select(id => (JsonNode?)new JsonObject
        {
            ["id"] = id,
            ["count"] = 0,
            ["hidden"] = false,
            ["can_act"] = !user.IsAnonymous && !topic.Archived && user.Id != topic.UserId,
        }).ToJsonArray();
        json["chunk_size"] = TopicPage.ChunkSize;
        json["bookmarked"] = page.BookmarkId is not null || topic.Mine?.Bookmarked == true;
        json["bookmarks"] = new JsonArray();
        json["topic_timer"] = page.Timers.Where(timer => timer.Type != TopicTimerType.ClearSlowMode).Select(Timer).FirstOrDefault();
        json["message_bus_last_id"] = page.LastMessageId;
        json["participant_count"] = topic.ParticipantCount;
        json["show_read_indicator"] = false;
        json["thumbnails"] = null;
        json["slow_mode_enabled_until"] = page.Timers.Where(timer => timer.Type == TopicTimerType.ClearSlowMode).Select(timer => JsonParts.Time(timer.ExecuteAt)).FirstOrDefault();
        if (page.Gaps.Count > 0 && viewer.WantsExtras)
        {
            var before = new JsonObject();
            foreach (var (post, hidden) in page.Gaps.Where(gap => gap.Key != 0))
                before[post.ToString(System.Globalization.CultureInfo.InvariantCulture)] = hidden.ToJsonArray();
            var after = new JsonObject();
            if (page.Gaps.TryGetValue(0, out var last) && page.Stream.Count > 0)
                after[page.Stream[^1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture)] = last.ToJsonArray();
            json["post_stream"]!["gaps"] = new JsonObject { ["before"] = before, ["after"] = after };
            json["has_deleted"] = true;
        }

        if (viewer.WantsExtras)
            json["bookmarks"] = Bookmarks(page);
        json["details"] = Details(page, host);
        return json;
    }

    static JsonNode? Timer(TopicTimer timer) => new JsonObject
    {
        ["id"] = timer.Id,
        ["execute_at"] = JsonParts.Time(timer.ExecuteAt),
        ["duration_minutes"] = timer.DurationMinutes,
        ["based_on_last_post"] = timer.IsBasedOnLastPost,
        ["status_type"] = timer.Name,
        ["category_id"] = timer.CategoryId,
    };

    /// <summary>The reader's own, of the posts shown and of the topic.</summary>
    static JsonArray Bookmarks(TopicPage page)
    {
        var list = page.Posts.Select(post => (Post: post, Mark: page.Marks.Bookmark(post.Id))).Where(pair => pair.Mark is not null).Select(pair => (JsonNode?)new JsonObject
        {
            ["id"] = pair.Mark!.BookmarkId,
            ["bookmarkable_id"] = pair.Post.Id,
            ["bookmarkable_type"] = "Post",
            ["reminder_at"] = JsonParts.Time(pair.Mark.ReminderAt),
            ["name"] = pair.Mark.BookmarkName,
            ["auto_delete_preference"] = pair.Mark.AutoDelete,
            ["post_number"] = pair.Post.PostNumber,
        }).ToJsonArray();
        if (page.BookmarkId is { } id)
            list.Add(new JsonObject { ["id"] = id, ["bookmarkable_id"] = page.Topic.Id, ["bookmarkable_type"] = "Topic" });
        return list;
    }

    public static JsonArray Posts(TopicPage page, string host)
    {
        var links = page.Links.ToLookup(link => link.PostId);
        return page.Posts.Where(post => PostPermissions.CanSee(page.Viewer, page.Topic, post)).Select(post =>
        {
            var json = PostJson.Of(post, page.Topic, page.Viewer, page.Marks, host, PostShape.Stream, page.IncludeRaw);
            json["link_counts"] = links[post.Id].Select(link => (JsonNode?)new JsonObject
            {
                ["url"] = link.Url,
                ["internal"] = link.Internal,
                ["reflection"] = link.Reflection,
                ["title"] = link.Title ?? "",
                ["clicks"] = link.Clicks,
            }).ToJsonArray();
            page.Polls.AddTo(json, post.Id);
            if (page.Reviewables.TryGetValue(post.Id, out var waiting))
            {
                json["reviewable_id"] = waiting.Id;
                json["reviewable_score_count"] = waiting.Scores;
                json["reviewable_score_pending_count"] = waiting.Pending;
            }

            return (JsonNode?)json;
        }).ToJsonArray();
    }

    public static JsonArray Tags(Topic topic) => topic.Tags
        .Select(tag => (JsonNode?)new JsonObject { ["id"] = tag.Id, ["name"] = tag.Name, ["slug"] = tag.Name }).ToJsonArray();

    /// <summary>Pairs of place and days ago, where the day changes.</summary>
    static JsonArray Timeline(IReadOnlyList<StreamEntry> stream)
    {
        var list = new JsonArray();
        var last = -1;
        var step = Math.Max(1, stream.Count / 500);
        for (var at = 0; at < stream.Count; at += step)
        {
            var days = Math.Max(0, stream[at].DaysAgo);
            if (days == last)
                continue;
            list.Add(new JsonArray(at + 1, days));
            last = days;
        }

        return list;
    }

    static JsonObject Details(TopicPage page, string host)
    {
        var (topic, viewer) = (page.Topic, page.Viewer);
        var user = viewer.User;
        var moderate = TopicPermissions.CanModerate(viewer, topic);
        var details = new JsonObject { ["can_edit"] = TopicPermissions.CanEdit(viewer, topic) };
        if (!user.IsAnonymous)
        {
            details["notification_level"] = topic.Mine?.NotificationLevel ?? 1;
            if (viewer.WantsExtras && topic.Mine?.NotificationsReasonId is { } reason)
                details["notifications_reason_id"] = reason;
        }
        else
        {
            details["notification_level"] = 1;
        }

        Flag("can_move_posts", moderate);
        Flag("can_delete", TopicPermissions.CanDelete(viewer, topic));
        if (TopicPermissions.CanRecover(viewer, topic))
            details["can_recover"] = true;
        Flag("can_remove_allowed_users", user.IsStaff);
        Flag("can_create_post", TopicPermissions.CanReply(viewer, topic));
        Flag("can_reply_as_new_topic", TopicPermissions.CanCreate(viewer));
        Flag("can_invite_to", topic.IsMessage ? TopicPermissions.CanInvite(viewer, topic) : user.IsStaff);
        Flag("can_invite_via_email", user.IsStaff);
        Flag("can_flag_topic", !user.IsAnonymous && user.Id != topic.UserId && !topic.Archived);
        Flag("can_convert_topic", user.IsStaff);
        Flag("can_review_topic", user.IsStaff);
        Flag("can_close_topic", moderate);
        Flag("can_archive_topic", moderate);
        Flag("can_split_merge_topic", moderate);
        Flag("can_edit_staff_notes", user.IsStaff);
        Flag("can_toggle_topic_visibility", moderate);
        Flag("can_pin_unpin_topic", moderate);
        Flag("can_banner_topic", user.IsStaff);
        Flag("can_moderate_category", moderate);
        if (!user.IsAnonymous)
            details["can_remove_self_id"] = user.Id;
        if (topic.IsMessage)
        {
            details["allowed_users"] = page.AllowedUsers.Select(allowed => (JsonNode?)allowed.Json(host)).ToJsonArray();
            details["allowed_groups"] = page.AllowedGroups.Select(group => (JsonNode?)new JsonObject { ["id"] = group.Id, ["name"] = group.Name }).ToJsonArray();
        }

        details["participants"] = page.Participants.Select(person => (JsonNode?)Participant(person, host)).ToJsonArray();
        details["created_by"] = topic.Author.Json(host);
        details["last_poster"] = topic.LastPoster.Json(host);
        if (page.Links.Count > 0 && viewer.WantsExtras)
        {
            details["links"] = page.Links.Where(link => !link.Reflection).Select(link => (JsonNode?)new JsonObject
            {
                ["url"] = link.Url,
                ["title"] = link.Title,
                ["internal"] = link.Internal,
                ["attachment"] = link.Attachment,
                ["reflection"] = link.Reflection,
                ["clicks"] = link.Clicks,
                ["user_id"] = link.UserId,
                ["domain"] = link.Domain,
                ["root_domain"] = link.Domain,
            }).ToJsonArray();
        }

        return details;

        // Flags are there only when true, for everyone but callers of the published API, whose schema lists them as required.
        void Flag(string name, bool value)
        {
            if (value || !user.IsAnonymous)
                details[name] = value;
        }
    }

    static JsonObject Participant(Participant person, string host)
    {
        var json = person.User.Json(host);
        json["post_count"] = person.PostCount;
        json["primary_group_name"] = person.PrimaryGroup;
        json["flair_name"] = person.FlairName;
        json["flair_url"] = person.FlairIcon;
        json["flair_color"] = person.FlairColor;
        json["flair_bg_color"] = person.FlairBackground;
        json["flair_group_id"] = person.FlairGroupId;
        json["admin"] = person.IsAdmin;
        json["moderator"] = person.IsModerator;
        json["trust_level"] = person.TrustLevel;
        return json;
    }

    public static JsonNode? Suggested(Topic topic, Viewer viewer, string host)
    {
        var posters = new JsonArray
        {
            new JsonObject
            {
                ["extras"] = topic.LastPostUserId == topic.UserId ? "latest single" : "",
                ["description"] = topic.LastPostUserId == topic.UserId ? "Original Poster, Most Recent Poster" : "Original Poster",
                ["user"] = topic.Author.Json(host),
            },
        };
        if (topic.LastPostUserId != topic.UserId)
            posters.Add(new JsonObject { ["extras"] = "latest", ["description"] = "Most Recent Poster", ["user"] = topic.LastPoster.Json(host) });
        return new JsonObject
        {
            ["id"] = topic.Id,
            ["title"] = topic.Title,
            ["fancy_title"] = topic.FancyTitle,
            ["slug"] = topic.Slug,
            ["posts_count"] = topic.PostsCount,
            ["reply_count"] = topic.ReplyCount,
            ["highest_post_number"] = topic.HighestPostNumber,
            ["image_url"] = topic.ImageUrl,
            ["created_at"] = JsonParts.Time(topic.CreatedAt),
            ["last_posted_at"] = JsonParts.Time(topic.LastPostedAt),
            ["bumped"] = true,
            ["bumped_at"] = JsonParts.Time(topic.BumpedAt),
            ["archetype"] = topic.Archetype,
            ["unseen"] = false,
            ["pinned"] = topic.IsPinned(viewer.Now),
            ["unpinned"] = null,
            ["excerpt"] = topic.Excerpt ?? "",
            ["visible"] = topic.Visible,
            ["closed"] = topic.Closed,
            ["archived"] = topic.Archived,
            ["bookmarked"] = null,
            ["liked"] = null,
            ["tags"] = Tags(topic),
            ["tags_descriptions"] = new JsonObject(),
            ["like_count"] = topic.LikeCount,
            ["views"] = topic.Views,
            ["category_id"] = topic.CategoryId,
            ["featured_link"] = topic.FeaturedLink,
            ["posters"] = posters,
        };
    }
}
