using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Backups;
using Forum.Database;
using Forum.Mail;
using Forum.Moderation;
using Forum.Redis;
using Forum.Reports;
using Forum.Sessions;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Pages;

/// <summary>A cell of a table for staff: text, perhaps a link, and buttons.</summary>
sealed record AdminCell(string Text, string? Url = null)
{
    public IReadOnlyList<SimpleForm> Forms { get; init; } = [];

    /// <summary>Tells the fields of its forms from those of other cells.</summary>
    public string Id { get; init; } = "";
}

sealed record AdminTable(string? Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<AdminCell>> Rows);

/// <summary>Pages for staff, of plain forms and tables. Each stands at the address of the API that it shows, for browsers that ask for a page.</summary>
static class AdminPages
{
    const int PerPage = 50;
    const int Days = 14;

    public static void MapAdminPages(this IEndpointRouteBuilder app) => app.MapGet("/admin", DashboardAsync).RequireStaff().Named("admin/admin#index");

    public static IEnumerable<(string Url, string Label)> Links(Viewer viewer)
    {
        yield return ("/admin", "Dashboard");
        yield return ("/admin/users/list/active", "Users");
        yield return ("/review", "Review");
        yield return ("/admin/logs/staff_action_logs", "Staff log");
        if (viewer.User.IsAdmin)
        {
            yield return ("/admin/site_settings", "Settings");
            yield return ("/admin/backups", "Backups");
        }
    }

    public static async Task<IResult> PageAsync(HttpContext context, string heading, Dictionary<string, object?> values, CancellationToken cancellation)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var frame = await context.RequestServices.GetRequiredService<PageRenderer>().FrameAsync(context, viewer, heading, withForm: true, cancellation) with { NoIndex = true };
        values["Heading"] = heading;
        return PageRenderer.Page<AdminView>(frame, values);
    }

    static async Task<IResult> DashboardAsync(HttpContext context, ForumDatabase database, RedisClient redis, MailSettings mail, TimeProvider time, CancellationToken cancellation)
    {
        if (!context.WantsHtml())
            return Replies.Json(new JsonObject());
        var to = time.GetUtcNow().UtcDateTime.Date.AddDays(1);
        string[] shown = ["signups", "topics", "posts", "likes", "flags", "visits"];
        var reports = new List<(string Title, Dictionary<DateOnly, long> Counts)>();
        foreach (var report in Report.All.Where(report => shown.Contains(report.Type)))
            reports.Add((report.Title, (await report.RowsAsync(database, to.AddDays(-Days), to, cancellation)).ToDictionary(row => row.Day, row => row.Count)));
        var rows = Enumerable.Range(1, Days).Select(ago => DateOnly.FromDateTime(to.AddDays(-ago))).Select(day => (IReadOnlyList<AdminCell>)
            [new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), .. reports.Select(report => new AdminCell(Number(report.Counts.GetValueOrDefault(day))))]).ToArray();
        var waiting = await ReviewableStore.PendingCountAsync(database, context.User(), cancellation);
        return await PageAsync(context, "Dashboard", new()
        {
            ["Intro"] = (IReadOnlyList<string>)[.. await Problems.ListAsync(database, redis, mail, cancellation), $"{Number(waiting)} things wait for review."],
            ["TablesOf"] = new[] { new AdminTable($"The last {Days} days", ["Day", .. reports.Select(report => report.Title)], rows) },
        }, cancellation);
    }

    public static async Task<IResult> SettingsAsync(HttpContext context, CancellationToken cancellation)
    {
        var settings = context.RequestServices.GetRequiredService<SiteSettings>();
        var filter = context.Request.Query["filter"].ToString();
        var found = SettingDefinition.All.Values
            .Where(setting => !settings.IsShadowed(setting.Name) && setting.Name.Contains(filter.Trim().Replace(' ', '_'), StringComparison.OrdinalIgnoreCase))
            .OrderBy(setting => setting.Name, StringComparer.Ordinal).ToList();
        var (page, previous, next) = Pages(context, found.Count, filter);
        var rows = found.Skip(page * PerPage).Take(PerPage).Select(setting =>
        {
            var value = SettingValues.Format(settings.Current.Value(setting.Name));
            var field = setting.Type == SettingType.Bool
                ? new FormField(setting.Name, "Value", "select", value is "true" or "t" ? "true" : "false", Choices: [("true", "on"), ("false", "off")])
                : new FormField(setting.Name, "Value", IsSecret(setting.Name) ? "password" : "text", IsSecret(setting.Name) ? "" : value, Required: IsSecret(setting.Name));
            return (IReadOnlyList<AdminCell>)
            [
                new(setting.Name.Replace('_', ' ')), new(setting.Default),
                new("") { Id = setting.Name, Forms = [new($"/admin/site_settings/{setting.Name}", "PUT", Here(context), "Save", [field])] },
            ];
        }).ToArray();
        return await PageAsync(context, "Settings", new()
        {
            ["Search"] = filter, ["PreviousUrl"] = previous, ["NextUrl"] = next, ["TablesOf"] = new[] { new AdminTable(null, ["Setting", "Default", "Value"], rows) },
        }, cancellation);
    }

    public static async Task<IResult> StaffLogAsync(HttpContext context, CancellationToken cancellation)
    {
        var page = PageOf(context);
        var lines = await context.RequestServices.GetRequiredService<ForumDatabase>().ListAsync("""
            SELECT h.created_at, coalesce(a.username, ''), h.action, coalesce(t.username, ''), coalesce(h.subject, ''), coalesce(h.details, ''), coalesce(h.new_value, ''), h.custom_type
            FROM user_histories h
            LEFT JOIN users a ON a.id = h.acting_user_id
            LEFT JOIN users t ON t.id = h.target_user_id
            WHERE h.action <> ALL($1) AND ($2 OR NOT coalesce(h.admin_only, false))
            ORDER BY h.id DESC
            LIMIT $3 OFFSET $4
            """, row => (IReadOnlyList<AdminCell>)
            [
                new(row.Time(0).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)), Member(row.Text(1)), new((row.TextOrNull(7) ?? StaffActionLogsApi.NameOf(row.Int(2))).Replace('_', ' ')),
                Member(row.Text(3)), new(row.Text(4)), new(row.Text(5)), new(row.Text(6)),
            ], [StaffActionLogsApi.NotStaff, context.User().IsAdmin, PerPage + 1, page * PerPage], cancellation);
        return await PageAsync(context, "Staff log", new()
        {
            ["PreviousUrl"] = page > 0 ? PageUrl(context, page - 1, "") : null,
            ["NextUrl"] = lines.Count > PerPage ? PageUrl(context, page + 1, "") : null,
            ["TablesOf"] = new[] { new AdminTable(null, ["When", "Who", "Action", "Whom", "Subject", "Details", "New value"], [.. lines.Take(PerPage)]) },
        }, cancellation);
    }

    public static async Task<IResult> BackupsAsync(HttpContext context, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        BackupsApi.CheckEnabled(services.GetRequiredService<SiteSettings>());
        var rows = (await services.GetRequiredService<Backups.Backups>().Store.ListAsync(cancellation)).Select(backup => (IReadOnlyList<AdminCell>)
        [
            new(backup.Name), new(Number(backup.Bytes)), new(backup.ModifiedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
            new("")
            {
                Id = backup.Name,
                Forms =
                [
                    new($"/admin/backups/{Uri.EscapeDataString(backup.Name)}", "PUT", "/admin/backups", "Mail me a link", []),
                    new($"/admin/backups/{Uri.EscapeDataString(backup.Name)}", "DELETE", "/admin/backups", "Delete", []),
                ],
            },
        ]).ToArray();
        return await PageAsync(context, "Backups", new()
        {
            ["FormsOf"] = new SimpleForm[]
            {
                new("/admin/backups", "POST", "/admin/backups", "Back up now", [new("with_uploads", "With uploads", "select", "true", Choices: [("true", "yes"), ("false", "no")])]),
            },
            ["TablesOf"] = new[] { new AdminTable(null, ["File", "Bytes", "Made", ""], rows) },
        }, cancellation);
    }

    public static bool IsSecret(string setting) => setting.Contains("secret", StringComparison.Ordinal) || setting.Contains("private_key", StringComparison.Ordinal) || setting.Contains("password", StringComparison.Ordinal);

    public static AdminCell Member(string username) => new(username, username.Length > 0 ? "/u/" + Uri.EscapeDataString(username.ToLowerInvariant()) : null);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The address of this page, for coming back to it.</summary>
    public static string Here(HttpContext context) => context.Request.Path + context.Request.QueryString;

    public static int PageOf(HttpContext context) => int.TryParse(context.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page <= 100_000 ? page : 0;

    public static string PageUrl(HttpContext context, int page, string filter) => $"{context.Request.Path}?page={Number(page)}{(filter.Length > 0 ? "&filter=" + Uri.EscapeDataString(filter) : "")}";

    static (int Page, string? Previous, string? Next) Pages(HttpContext context, int count, string filter)
    {
        var page = PageOf(context);
        return (page, page > 0 ? PageUrl(context, page - 1, filter) : null, count > (page + 1) * PerPage ? PageUrl(context, page + 1, filter) : null);
    }
}
