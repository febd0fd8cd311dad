using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Markdown;
using Forum.Viewing;

namespace Forum.Categories;

/// <summary>Categories in Discourse's shapes.</summary>
static class CategoryJson
{
    /// <summary>What lists, site.json and a single category have in common.</summary>
    static JsonObject Basic(Category category, Viewer viewer, int? notificationLevel)
    {
        var children = viewer.Categories.ChildrenOf(category.Id).Count(child => CategoryPermissions.CanSee(viewer.User, child));
        var text = category.Description is null ? null : Excerpt.PlainText(category.Description);
        return new JsonObject
        {
            ["id"] = category.Id,
            ["name"] = category.Name,
            ["color"] = category.Color,
            ["text_color"] = category.TextColor,
            ["style_type"] = "square",
            ["emoji"] = null,
            ["icon"] = null,
            ["slug"] = category.Slug,
            ["topic_count"] = category.TopicCount,
            ["post_count"] = category.PostCount,
            ["position"] = category.Position ?? category.Id,
            ["description"] = category.Description,
            ["description_text"] = text,
            ["description_excerpt"] = category.Description is null ? null : Excerpt.Of(category.Description, 300),
            ["topic_url"] = category.TopicId is { } topic ? $"/t/{(category.Slug.Length > 0 ? "about-the-" + category.Slug + "-category" : "-")}/{topic.ToString(CultureInfo.InvariantCulture)}" : null,
            ["read_restricted"] = category.ReadRestricted,
            ["permission"] = (int)(CategoryPermissions.Of(viewer.User, category) ?? CategoryPermission.See),
            ["notification_level"] = notificationLevel ?? 1,
            ["can_edit"] = CanEdit(viewer),
            ["topic_template"] = category.TopicTemplate,
            ["topic_title_placeholder"] = null,
            ["has_children"] = children > 0,
            ["subcategory_count"] = children,
            ["sort_order"] = category.SortOrder,
            ["sort_ascending"] = category.SortAscending is { } ascending ? ascending ? "true" : "false" : null,
            ["show_subcategory_list"] = category.ShowSubcategoryList,
            ["num_featured_topics"] = category.NumFeaturedTopics,
            ["default_view"] = category.DefaultView,
            ["subcategory_list_style"] = category.SubcategoryListStyle ?? "rows_with_featured_topics",
            ["default_top_period"] = category.DefaultTopPeriod ?? "all",
            ["default_list_filter"] = category.DefaultListFilter ?? "all",
            ["minimum_required_tags"] = category.MinimumRequiredTags,
            ["navigate_to_first_post_after_read"] = category.NavigateToFirstPostAfterRead,
        };
    }

    static void AddPictures(JsonObject json)
    {
        json["uploaded_logo"] = null;
        json["uploaded_logo_dark"] = null;
        json["uploaded_background"] = null;
        json["uploaded_background_dark"] = null;
    }

    public static bool CanEdit(Viewer viewer) => CategoryPermissions.CanManage(viewer.User, viewer.Settings.Bool("moderators_manage_categories"));

    /// <summary>An item of /categories.json.</summary>
    public static JsonObject ListItem(Category category, Viewer viewer, IReadOnlyDictionary<int, int> levels, bool nested)
    {
        var children = viewer.Categories.ChildrenOf(category.Id).Where(child => CategoryPermissions.CanSee(viewer.User, child)).ToArray();
        var json = Basic(category, viewer, levels.TryGetValue(category.Id, out var level) ? level : null);
        json["topics_day"] = category.TopicsDay;
        json["topics_week"] = category.TopicsWeek;
        json["topics_month"] = category.TopicsMonth;
        json["topics_year"] = category.TopicsYear;
        json["topics_all_time"] = category.TopicCount;
        if (category.Id == viewer.Settings.Int("uncategorized_category_id"))
            json["is_uncategorized"] = true;
        json["subcategory_ids"] = children.Select(child => child.Id).ToJsonArray();
        if (category.ParentId is not null && nested)
            json["parent_category_id"] = category.ParentId;
        if (nested)
            json["subcategory_list"] = children.Select(child => ListItem(child, viewer, levels, nested)).ToJsonArray();
        AddPictures(json);
        return json;
    }

    /// <summary>An item of site.json.</summary>
    public static JsonObject SiteItem(Category category, Viewer viewer, IReadOnlyDictionary<int, int> levels)
    {
        var json = Basic(category, viewer, levels.TryGetValue(category.Id, out var level) ? level : null);
        json["topic_url"] ??= "";
        if (category.ParentId is { } parent)
            json["parent_category_id"] = parent;
        json["allow_global_tags"] = category.AllowGlobalTags;
        json["required_tag_groups"] = new JsonArray();
        json["read_only_banner"] = category.ReadOnlyBanner;
        AddPictures(json);
        return json;
    }

    /// <summary>One category whole, for /c/ID/show and answers to changes.</summary>
    public static JsonObject Show(Category category, Viewer viewer, CategoryDetails details)
    {
        var json = Basic(category, viewer, details.NotificationLevel);
        if (category.ParentId is { } parent)
            json["parent_category_id"] = parent;
        json["form_template_ids"] = new JsonArray();
        json["custom_fields"] = new JsonObject();
        json["allowed_tags"] = details.AllowedTags.ToJsonArray();
        json["allowed_tag_groups"] = details.AllowedTagGroups.ToJsonArray();
        json["allow_global_tags"] = category.AllowGlobalTags;
        json["required_tag_groups"] = details.RequiredTagGroups
            .Select(group => new JsonObject { ["name"] = group.Name, ["min_count"] = group.MinCount }).ToJsonArray();
        json["category_setting"] = new JsonObject
        {
            ["auto_bump_cooldown_days"] = details.AutoBumpCooldownDays,
            ["num_auto_bump_daily"] = details.NumAutoBumpDaily,
            ["require_reply_approval"] = details.RequireReplyApproval,
            ["require_topic_approval"] = details.RequireTopicApproval,
        };
        json["read_only_banner"] = category.ReadOnlyBanner;
        json["available_groups"] = details.Groups.Where(group => !category.Groups.ContainsKey(group.Id)).Select(group => group.Name).ToJsonArray();
        json["auto_close_hours"] = category.AutoCloseHours?.ToString(CultureInfo.InvariantCulture);
        json["auto_close_based_on_last_post"] = category.AutoCloseBasedOnLastPost;
        json["allow_unlimited_owner_edits_on_first_post"] = category.AllowUnlimitedOwnerEdits;
        json["default_slow_mode_seconds"] = category.DefaultSlowModeSeconds?.ToString(CultureInfo.InvariantCulture);
        var names = details.Groups.ToDictionary(group => group.Id, group => group.Name);
        var shown = category.Groups.Count == 0 ? new Dictionary<int, CategoryPermission> { [0] = CategoryPermission.Full } : category.Groups;
        json["group_permissions"] = shown.Where(pair => names.ContainsKey(pair.Key)).Select(pair => new JsonObject
        {
            ["permission_type"] = (int)pair.Value,
            ["group_name"] = names[pair.Key],
            ["group_id"] = pair.Key,
        }).ToJsonArray();
        json["email_in"] = category.EmailIn;
        json["email_in_allow_strangers"] = category.EmailInAllowStrangers;
        json["mailinglist_mirror"] = category.MailinglistMirror;
        json["all_topics_wiki"] = category.AllTopicsWiki;
        json["can_delete"] = CanEdit(viewer) && CategoryDeletion.IsDeletable(category, viewer);
        json["allow_badges"] = category.AllowBadges;
        json["topic_featured_link_allowed"] = category.FeaturedLinkAllowed;
        json["search_priority"] = category.SearchPriority;
        json["topic_posting_review_group_ids"] = new JsonArray();
        json["reply_posting_review_group_ids"] = new JsonArray();
        AddPictures(json);
        return json;
    }
}
