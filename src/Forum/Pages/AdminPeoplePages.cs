using System.Globalization;
using Forum.Database;
using Forum.Markdown;
using Forum.Moderation;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Pages;

/// <summary>Pages on which staff look after members and what they wrote: lists of members, one member, the review queue.</summary>
static class AdminPeoplePages
{
    const int PerPage = 50;
    const int MostReviewed = 30;

    static readonly (string Flag, string Label)[] Lists =
    [
        ("active", "Active"), ("new", "New"), ("staff", "Staff"), ("suspended", "Suspended"), ("silenced", "Silenced"), ("staged", "Staged"), ("pending", "Waiting"),
    ];

    sealed record Row(int Id, string Username, bool IsActive, bool IsApproved, bool IsAdmin, bool IsModerator, bool IsSuspended, bool IsSilenced, int Level, DateTime CreatedAt, DateTime? SeenAt, int Posts);

    static Row Read(Npgsql.NpgsqlDataReader row) => new(
        row.Int(0), row.Text(1), row.Bool(2), row.Bool(3), row.Bool(4), row.Bool(5), row.Bool(6), row.Bool(7), row.Int(8), row.Time(9), row.TimeOrNull(10), row.Int(11));

    const string Columns = """
        u.id, u.username, u.active, u.approved, u.admin, coalesce(u.moderator, false), coalesce(u.suspended_till > now(), false), coalesce(u.silenced_till > now(), false),
        u.trust_level, u.created_at, u.last_seen_at, coalesce(s.post_count + s.topic_count, 0)
        """;

    public static async Task<IResult> UsersAsync(HttpContext context, CancellationToken cancellation)
    {
        var flag = context.Request.RouteValues["flag"] as string ?? "active";
        var (page, filter) = (AdminPages.PageOf(context), context.Request.Query["filter"].ToString().Trim());
        var rows = await context.RequestServices.GetRequiredService<ForumDatabase>().ListAsync($"""
            SELECT {Columns}
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            WHERE u.id > 0 AND ($1 = '' OR u.username_lower LIKE '%' || $1 || '%' OR lower(u.name) LIKE '%' || $1 || '%'
                    OR EXISTS (SELECT FROM user_emails e WHERE e.user_id = u.id AND lower(e.email) LIKE '%' || $1 || '%'))
                AND CASE $2 WHEN 'staff' THEN u.admin OR u.moderator WHEN 'suspended' THEN u.suspended_till > now() WHEN 'silenced' THEN u.silenced_till > now()
                    WHEN 'staged' THEN u.staged WHEN 'pending' THEN NOT u.approved AND u.active WHEN 'new' THEN true ELSE $1 <> '' OR u.active END
            ORDER BY CASE WHEN $2 = 'new' THEN u.created_at ELSE u.last_seen_at END DESC NULLS LAST, u.username_lower
            LIMIT $3 OFFSET $4
            """, Read, [filter.ToLowerInvariant().Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal), flag, PerPage + 1, page * PerPage], cancellation);
        var lists = Lists.Select(list => (IReadOnlyList<AdminCell>)[new(list.Label, "/admin/users/list/" + list.Flag)]).ToArray();
        return await AdminPages.PageAsync(context, "Users", new()
        {
            ["Search"] = filter,
            ["PreviousUrl"] = page > 0 ? AdminPages.PageUrl(context, page - 1, filter) : null,
            ["NextUrl"] = rows.Count > PerPage ? AdminPages.PageUrl(context, page + 1, filter) : null,
            ["TablesOf"] = new[]
            {
                new AdminTable(Array.Find(Lists, list => list.Flag == flag).Label, ["User", "State", "Trust level", "Posts", "Joined", "Seen", ""], [.. rows.Take(PerPage).Select(row => Line(context, row))]),
                new AdminTable("Other lists", ["List"], lists),
            },
        }, cancellation);
    }

    static IReadOnlyList<AdminCell> Line(HttpContext context, Row row) =>
    [
        new(row.Username, $"/admin/users/{AdminPages.Number(row.Id)}/{Uri.EscapeDataString(row.Username)}"), new(State(row)), new(AdminPages.Number(row.Level)), new(AdminPages.Number(row.Posts)),
        new(Day(row.CreatedAt)), new(row.SeenAt is { } seen ? Day(seen) : "never"),
        new("") { Id = "u" + AdminPages.Number(row.Id), Forms = row.IsApproved ? [] : [Button(context, row, "approve", "Approve")] },
    ];

    static string State(Row row) => string.Join(", ", new[]
    {
        row.IsAdmin ? "admin" : null, row.IsModerator ? "moderator" : null, row.IsSuspended ? "suspended" : null, row.IsSilenced ? "silenced" : null,
        row.IsActive ? null : "not active", row.IsApproved ? null : "waits for approval",
    }.OfType<string>());

    static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static SimpleForm Button(HttpContext context, Row row, string verb, string label, params FormField[] fields) =>
        new($"/admin/users/{AdminPages.Number(row.Id)}/{verb}", "PUT", AdminPages.Here(context), label, fields);

    public static async Task<IResult> UserAsync(HttpContext context, CancellationToken cancellation)
    {
        var database = context.RequestServices.GetRequiredService<ForumDatabase>();
        var id = int.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        var row = await database.FindAsync($"""
            SELECT {Columns}
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            WHERE u.id = $1
            """, Read, [id], cancellation) ?? throw Refused.NotFound();
        return await AdminPages.PageAsync(context, row.Username, new()
        {
            ["Intro"] = (IReadOnlyList<string>)[$"Joined {Day(row.CreatedAt)}, {AdminPages.Number(row.Posts)} posts, trust level {AdminPages.Number(row.Level)}. {State(row)}"],
            ["FormsOf"] = Actions(context, row, context.User()).ToArray(),
            ["TablesOf"] = new[] { new AdminTable("Pages", ["Page"], [[AdminPages.Member(row.Username)], [new("Staff log", "/admin/logs/staff_action_logs")]]) },
        }, cancellation);
    }

    /// <summary>What can be done to the member by the staff member who looks; the API asks again.</summary>
    static IEnumerable<SimpleForm> Actions(HttpContext context, Row row, CurrentUser viewer)
    {
        if (!row.IsApproved)
            yield return Button(context, row, "approve", "Approve");
        yield return row.IsActive ? Button(context, row, "deactivate", "Deactivate") : Button(context, row, "activate", "Activate");
        yield return Button(context, row, "trust_level", "Set trust level", new FormField("level", "Trust level", "select", AdminPages.Number(row.Level), Choices: [.. Enumerable.Range(0, 5).Select(level => (AdminPages.Number(level), AdminPages.Number(level)))]));
        if (!row.IsAdmin && !row.IsModerator)
        {
            yield return row.IsSuspended ? Button(context, row, "unsuspend", "Unsuspend")
                : Button(context, row, "suspend", "Suspend", new("suspend_until", "Suspended until", "date", Required: true), new("reason", "Reason, which the member sees", Required: true));
            yield return row.IsSilenced ? Button(context, row, "unsilence", "Unsilence")
                : Button(context, row, "silence", "Silence", new("silenced_till", "Silenced until", "date", Required: true), new("reason", "Reason", Required: true));
        }

        if (!viewer.IsAdmin || row.Id == viewer.Id)
            yield break;
        yield return row.IsAdmin ? Button(context, row, "revoke_admin", "Revoke admin") : Button(context, row, "grant_admin", "Grant admin");
        yield return row.IsModerator ? Button(context, row, "revoke_moderation", "Revoke moderation") : Button(context, row, "grant_moderation", "Grant moderation");
    }

    /// <summary>What waits, each with the buttons that its kind has; those that ask for more are left to other clients.</summary>
    public static async Task<IResult> ReviewAsync(HttpContext context, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var database = services.GetRequiredService<ForumDatabase>();
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        if (!viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        var waiting = await database.ListAsync($"""
            SELECT {Reviewable.Columns}
            FROM reviewables r
            WHERE r.status = 0 AND ($1 OR r.reviewable_by_moderator) AND (r.category_id IS NULL OR r.category_id = ANY($2))
            ORDER BY r.score DESC, r.created_at DESC
            LIMIT $3
            """, Reviewable.Read, [viewer.User.IsAdmin, viewer.VisibleCategories, MostReviewed], cancellation);
        var names = await UserBriefs.LoadAsync(database, waiting.Select(one => one.TargetCreatedById ?? one.CreatedById), cancellation);
        var rows = new List<IReadOnlyList<AdminCell>>();
        foreach (var one in waiting)
        {
            var subject = await Reviews.SubjectAsync(database, one, viewer, cancellation);
            var text = subject.Post is { } post ? Excerpt.PlainText(post.Cooked) : one.PayloadText("raw") ?? one.PayloadText("bio") ?? one.PayloadText("email") ?? "";
            var url = subject.Topic is { } topic ? subject.Post is { } shown ? $"{topic.Url}/{AdminPages.Number(shown.PostNumber)}" : topic.Url : null;
            var who = names.TryGetValue(one.TargetCreatedById ?? one.CreatedById, out var user) ? user.Username : "";
            rows.Add(
            [
                new(one.Type.Replace("Reviewable", "", StringComparison.Ordinal), url), AdminPages.Member(who), new(one.PayloadText("title") ?? subject.Topic?.Title ?? ""),
                new(text.Length > 300 ? text[..300] + "…" : text),
                new("")
                {
                    Id = "r" + AdminPages.Number(one.Id),
                    Forms =
                    [
                        .. ReviewActions.Of(subject, viewer).Where(action => action.ClientAction is null).Select(action =>
                            new SimpleForm($"/review/{AdminPages.Number(one.Id)}/perform/{action.Name}", "PUT", "/review", action.Label, [new("version", "", "hidden", AdminPages.Number(one.Version))])),
                    ],
                },
            ]);
        }

        return await AdminPages.PageAsync(context, "Review", new() { ["TablesOf"] = new[] { new AdminTable(null, ["Kind", "Who", "Title", "Text", ""], rows) } }, cancellation);
    }
}
