using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Pages;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>What staff did: /admin/logs/staff_action_logs.</summary>
static class StaffActionLogsApi
{
    const int MostPerPage = 200;

    /// <summary>Entries of user_histories that are no actions of staff: what the system did by itself, and notices to users.</summary>
    public static readonly int[] NotStaff = [6, 7, 8, 9, 12, 15, 22, 37, 47, 108, 109];

    public static void MapStaffActionLogs(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/logs/staff_action_logs", ListAsync).WithPage(AdminPages.StaffLogAsync).RequireStaff().Named("admin/staff_action_logs#index");

    /// <summary>GrantAdmin is grant_admin.</summary>
    public static string NameOf(int action)
    {
        var name = Enum.GetName((StaffAction)action);
        if (name is null)
            return action.ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    static int? ActionOf(Parameters given)
    {
        if (given.Text("action_id") is { Length: > 0 })
            return given.Int("action_id");
        return given.Text("action_name") is { Length: > 0 } name ? Array.Find(Enum.GetValues<StaffAction>(), action => NameOf((int)action) == name) is var found and not 0
            ? (int)found : throw Refused.InvalidParameters("action_name") : null;
    }

    static async Task<IResult> ListAsync(Parameters given, CurrentUser current, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var page = given.Int("page") ?? 0;
        var limit = given.Int("limit") ?? MostPerPage;
        if (page < 0)
            throw Refused.InvalidParameters("page");
        if (limit is < 1 or > MostPerPage)
            throw Refused.InvalidParameters("limit");
        object?[] filters =
        [
            NotStaff, ActionOf(given), given.Text("custom_type"), given.Text("acting_user")?.ToLowerInvariant(), given.Text("target_user")?.ToLowerInvariant(), given.Text("subject"),
            given.Text("start_date") is { Length: > 0 } from ? Date(from, "start_date") : null, given.Text("end_date") is { Length: > 0 } to ? Date(to, "end_date") : null, current.IsAdmin,
        ];
        var total = await database.ScalarAsync<int>($"SELECT count(*)::int FROM user_histories h WHERE {Filter}", filters, cancellation);
        var rows = await database.ListAsync($"""
            SELECT h.id, h.action, h.details, h.context, h.ip_address, h.email, h.created_at, h.subject, h.previous_value, h.new_value, h.topic_id, h.post_id, h.category_id, h.custom_type,
                a.id, a.username, a.name, a.uploaded_avatar_id, t.id, t.username, t.name, t.uploaded_avatar_id
            FROM user_histories h
            LEFT JOIN users a ON a.id = h.acting_user_id
            LEFT JOIN users t ON t.id = h.target_user_id
            WHERE {Filter}
            ORDER BY h.id DESC
            LIMIT $10 OFFSET $11
            """, row => (JsonNode?)new JsonObject
        {
            ["id"] = row.Int(0),
            ["action_name"] = row.Int(1) == (int)StaffAction.CustomStaff ? row.TextOrNull(13) ?? "custom_staff" : NameOf(row.Int(1)),
            ["details"] = row.TextOrNull(2),
            ["context"] = row.TextOrNull(3),
            ["ip_address"] = current.IsAdmin ? row.TextOrNull(4) : null,
            ["email"] = current.IsAdmin ? row.TextOrNull(5) : null,
            ["created_at"] = JsonParts.Time(row.Time(6)),
            ["subject"] = row.TextOrNull(7),
            ["previous_value"] = row.TextOrNull(8),
            ["new_value"] = row.TextOrNull(9),
            ["topic_id"] = row.IntOrNull(10),
            ["post_id"] = row.IntOrNull(11),
            ["category_id"] = row.IntOrNull(12),
            ["action"] = row.Int(1),
            ["custom_type"] = row.TextOrNull(13),
            ["acting_user"] = row.IsDBNull(14) ? null : UserBrief.Read(row, 14).Json(baseUrl.Host),
            ["target_user"] = row.IsDBNull(18) ? null : UserBrief.Read(row, 18).Json(baseUrl.Host),
        }, [.. filters, limit, page * limit], cancellation);
        return Replies.Json(new JsonObject
        {
            ["staff_action_logs"] = rows.ToJsonArray(),
            ["total_rows_staff_action_logs"] = total,
            ["load_more_staff_action_logs"] = string.Create(CultureInfo.InvariantCulture, $"/admin/logs/staff_action_logs.json?limit={limit}&page={page + 1}"),
            ["extras"] = new JsonObject
            {
                ["user_history_actions"] = Enum.GetValues<StaffAction>().Where(action => !NotStaff.Contains((int)action))
                    .Select(action => (JsonNode?)new JsonObject { ["id"] = NameOf((int)action), ["action_id"] = (int)action }).ToJsonArray(),
            },
        });
    }

    const string Filter = """
        h.action <> ALL($1) AND ($2::int IS NULL OR h.action = $2) AND ($3::text IS NULL OR h.custom_type = $3)
            AND ($4::text IS NULL OR h.acting_user_id = (SELECT id FROM users WHERE username_lower = $4)) AND ($5::text IS NULL OR h.target_user_id = (SELECT id FROM users WHERE username_lower = $5))
            AND ($6::text IS NULL OR h.subject = $6) AND ($7::timestamp IS NULL OR h.created_at >= $7) AND ($8::timestamp IS NULL OR h.created_at <= $8)
            AND ($9 OR NOT coalesce(h.admin_only, false))
        """;

    static DateTime Date(string text, string name) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var date) ? date : throw Refused.InvalidParameters(name);
}
