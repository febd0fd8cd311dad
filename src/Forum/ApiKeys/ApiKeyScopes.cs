using System.Collections.Frozen;
using System.Text.Json;
using Forum.Web;

namespace Forum.ApiKeys;

/// <summary>What a granular key may call: resource and action, each standing for endpoints by their upstream names.</summary>
static class ApiKeyScopes
{
    /// <summary>resource -> action -> endpoints.</summary>
    public static FrozenDictionary<string, FrozenDictionary<string, string[]>> All { get; } = new Dictionary<string, Dictionary<string, string[]>>
    {
        ["global"] = new() { ["read"] = [] },
        ["topics"] = new()
        {
            ["write"] = ["posts/create"],
            ["update"] = ["topics/update", "topics/status"],
            ["delete"] = ["topics/destroy"],
            ["recover"] = ["topics/recover"],
            ["read"] = ["topics/show", "topics/feed", "topics/posts", "topics/show_by_external_id"],
            ["read_lists"] = ["list/latest", "list/new", "list/unread", "list/top", "list/hot", "list/category_latest", "list/category_feed", "tags/show"],
            ["status"] = ["topics/status"],
        },
        ["posts"] = new()
        {
            ["edit"] = ["posts/update"],
            ["delete"] = ["posts/destroy"],
            ["recover"] = ["posts/recover"],
            ["list"] = ["posts/latest"],
            ["read"] = ["posts/show", "posts/by_number", "posts/reply_ids"],
        },
        ["revisions"] = new() { ["read"] = ["posts/latest_revision", "posts/revisions"], ["modify"] = ["posts/revert"] },
        ["tags"] = new() { ["list"] = ["tags/index"], ["read"] = ["tags/show", "tags/info"] },
        ["tag_groups"] = new() { ["list"] = ["tag_groups/index"], ["show"] = ["tag_groups/show"], ["create"] = ["tag_groups/create"], ["update"] = ["tag_groups/update"] },
        ["categories"] = new() { ["list"] = ["categories/index"], ["show"] = ["categories/show", "categories/find_by_slug"] },
        ["uploads"] = new()
        {
            ["create"] = ["uploads/create", "uploads/generate_presigned_put", "uploads/complete_external_upload", "uploads/create_multipart",
                "uploads/batch_presign_multipart_parts", "uploads/abort_multipart", "uploads/complete_multipart"],
        },
        ["users"] = new()
        {
            ["bookmarks"] = ["users/bookmarks"],
            ["sync_sso"] = ["admin/users/sync_sso"],
            ["show"] = ["users/show"],
            ["check_emails"] = ["users/check_emails"],
            ["update"] = ["users/update"],
            ["log_out"] = ["admin/users/log_out"],
            ["anonymize"] = ["admin/users/anonymize"],
            ["suspend"] = ["admin/users/suspend"],
            ["silence"] = ["admin/users/silence"],
            ["delete"] = ["admin/users/destroy"],
            ["list"] = ["admin/users/index"],
        },
        ["user_status"] = new() { ["read"] = ["user_status/get"], ["update"] = ["user_status/set", "user_status/clear"] },
        ["email"] = new() { ["receive_emails"] = ["admin/email/handle_mail"] },
        ["invites"] = new() { ["create"] = ["invites/create"] },
        ["badges"] = new()
        {
            ["create"] = ["admin/badges/create"],
            ["show"] = ["badges/show"],
            ["update"] = ["admin/badges/update"],
            ["delete"] = ["admin/badges/destroy"],
            ["list_user_badges"] = ["user_badges/username"],
            ["assign_badge_to_user"] = ["user_badges/create"],
            ["revoke_badge_from_user"] = ["user_badges/destroy"],
        },
        ["groups"] = new()
        {
            ["manage_groups"] = ["groups/members", "groups/add_members", "groups/remove_member"],
            ["administer_groups"] = ["admin/groups/create", "admin/groups/destroy", "groups/show", "groups/update", "groups/index"],
        },
        ["search"] = new() { ["show"] = ["search/show"], ["query"] = ["search/query"] },
        ["wordpress"] = new() { ["publishing"] = ["site/site", "posts/create", "topics/update", "topics/show"], ["commenting"] = ["topics/wordpress"] },
        ["logs"] = new() { ["messages"] = [] },
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenDictionary());

    /// <param name="scopes">resource:action:allowed parameters; none means all.</param>
    /// <param name="endpoint">What is called.</param>
    /// <param name="context">The call, for scopes limited to one topic or category.</param>
    public static bool Allow(IReadOnlyList<string> scopes, Endpoint endpoint, HttpContext context)
    {
        if (scopes.Count == 0)
        {
            return true;
        }

        var called = endpoint.Metadata.GetMetadata<RouteAction>()?.ToString();
        foreach (var scope in scopes)
        {
            var parts = scope.Split(':', 3);
            if (parts is ["global", "read", _] && HttpMethods.IsGet(context.Request.Method))
            {
                return true;
            }

            if (All.TryGetValue(parts[0], out var actions) && actions.TryGetValue(parts[1], out var endpoints)
                && Array.IndexOf(endpoints, called) >= 0 && ParametersFit(parts[2], context))
            {
                return true;
            }
        }

        return false;
    }

    static bool ParametersFit(string allowed, HttpContext context)
    {
        if (allowed.Length == 0)
        {
            return true;
        }

        using var document = JsonDocument.Parse(allowed);
        foreach (var limit in document.RootElement.EnumerateObject())
        {
            var sent = context.Request.RouteValues.TryGetValue(limit.Name, out var value) ? value?.ToString()
                : context.Request.Query.TryGetValue(limit.Name, out var query) ? query.ToString() : null;
            var values = limit.Value.ValueKind == JsonValueKind.Array
                ? limit.Value.EnumerateArray().Select(item => item.ToString()).ToArray()
                : [limit.Value.ToString()];
            if (values is [_, ..] && values.Any(text => text.Length > 0) && (sent is null || !values.Contains(sent)))
            {
                return false;
            }
        }

        return true;
    }
}
