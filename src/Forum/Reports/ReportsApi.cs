using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Mail;
using Forum.Redis;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Reports;

/// <summary>What happened on the forum by day, and what is wrong with it: /admin/reports and /admin/dashboard.</summary>
static class ReportsApi
{
    const int DefaultDays = 30;
    const int MostDays = 366;
    const int MostReports = 20;

    static readonly string[] General = ["signups", "topics", "posts", "daily_engaged_users", "new_contributors", "page_view_total_reqs"];

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin").RequireStaff();
        admin.MapGet("/reports", List).Named("admin/reports#index");
        admin.MapGet("/reports/bulk", BulkAsync).Named("admin/reports#bulk");
        admin.MapGet("/reports/{type}", ShowAsync).Named("admin/reports#show");
        admin.MapGet("/dashboard", Dashboard).Named("admin/dashboard#index");
        admin.MapGet("/dashboard/general", GeneralAsync).Named("admin/dashboard#general");
        foreach (var part in (string[])["moderation", "security", "reports"])
        {
            admin.MapGet("/dashboard/" + part, Dashboard).Named("admin/dashboard#" + part);
        }

        admin.MapGet("/dashboard/problems", ProblemsAsync).Named("admin/dashboard#problems");
    }

    static IResult List() => Replies.Json(new JsonObject
    {
        ["reports"] = Report.All.Select(report => (JsonNode?)new JsonObject
        {
            ["type"] = report.Type, ["title"] = report.Title, ["description"] = report.Description, ["description_link"] = null,
        }).ToJsonArray(),
    });

    static async Task<IResult> ShowAsync(string type, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var report = Report.All.FirstOrDefault(report => report.Type == type) ?? throw Refused.NotFound();
        return Replies.Json(new JsonObject { ["report"] = await JsonAsync(report, given, database, time.GetUtcNow().UtcDateTime, cancellation) });
    }

    /// <summary>reports[TYPE][start_date] and the like, several at once; a type that is not known is left out.</summary>
    static async Task<IResult> BulkAsync(Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var asked = given.Nested("reports");
        var names = asked.Names.ToArray();
        if (names.Length > MostReports)
        {
            throw Refused.InvalidParameters("reports");
        }

        var reports = new JsonArray();
        foreach (var report in names.Select(name => Report.All.FirstOrDefault(report => report.Type == name)).OfType<Report>())
        {
            reports.Add(await JsonAsync(report, asked.Nested(report.Type), database, time.GetUtcNow().UtcDateTime, cancellation));
        }

        return Replies.Json(new JsonObject { ["reports"] = reports });
    }

    static async Task<JsonObject> JsonAsync(Report report, Parameters given, ForumDatabase database, DateTime now, CancellationToken cancellation)
    {
        var to = (Date(given, "end_date") ?? now.Date).AddDays(1);
        var from = Date(given, "start_date") ?? to.AddDays(-DefaultDays - 1);
        var days = (to - from).Days;
        if (days is < 1 or > MostDays)
        {
            throw Refused.InvalidParameters("start_date");
        }

        var rows = await report.RowsAsync(database, from, to, cancellation);
        var before = await report.RowsAsync(database, from.AddDays(-days), from, cancellation);
        return new JsonObject
        {
            ["type"] = report.Type,
            ["title"] = report.Title,
            ["description"] = report.Description,
            ["xaxis"] = "Day",
            ["yaxis"] = "Count",
            ["data"] = Points(rows),
            ["start_date"] = JsonParts.Time(from),
            ["end_date"] = JsonParts.Time(to.AddMilliseconds(-1)),
            ["prev_start_date"] = JsonParts.Time(from.AddDays(-days)),
            ["prev_end_date"] = JsonParts.Time(from.AddMilliseconds(-1)),
            ["prev_data"] = Points(before),
            ["prev_period"] = before.Sum(row => row.Count),
            ["total"] = rows.Sum(row => row.Count),
            ["dates_filtering"] = true,
            ["report_key"] = string.Create(CultureInfo.InvariantCulture, $"reports:{report.Type}:{from:yyyyMMdd}:{to:yyyyMMdd}"),
            ["labels"] = new JsonArray(
                new JsonObject { ["type"] = "date", ["property"] = "x", ["title"] = "Day" },
                new JsonObject { ["type"] = "number", ["property"] = "y", ["title"] = "Count" }),
            ["available_filters"] = new JsonArray(),
            ["modes"] = new JsonArray("table", "chart"),
            ["average"] = false,
            ["percent"] = false,
            ["higher_is_better"] = report.HigherIsBetter,
            ["limit"] = null,
        };
    }

    static JsonArray Points(List<(DateOnly Day, long Count)> rows) =>
        rows.Select(row => (JsonNode?)new JsonObject { ["x"] = row.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["y"] = row.Count }).ToJsonArray();

    static DateTime? Date(Parameters given, string name) => given.Text(name) is not { Length: > 0 } text ? null
        : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var date) && date.Year is > 1970 and < 9000
            ? date.Date : throw Refused.InvalidParameters(name);

    static IResult Dashboard(TimeProvider time) => Replies.Json(new JsonObject
    {
        ["version_check"] = new JsonObject { ["installed_version"] = ForumVersion.Current, ["installed_describe"] = ForumVersion.Current, ["updated_at"] = null },
        ["updated_at"] = JsonParts.Time(time.GetUtcNow().UtcDateTime),
    });

    static async Task<IResult> GeneralAsync(Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var reports = new JsonObject();
        foreach (var report in Report.All.Where(report => General.Contains(report.Type)))
        {
            reports[report.Type] = await JsonAsync(report, given, database, now, cancellation);
        }

        return Replies.Json(new JsonObject { ["reports"] = reports, ["updated_at"] = JsonParts.Time(now) });
    }

    static async Task<IResult> ProblemsAsync(ForumDatabase database, RedisClient redis, MailSettings mail, CancellationToken cancellation) => Replies.Json(new JsonObject
    {
        ["problems"] = (await Problems.ListAsync(database, redis, mail, cancellation)).Select(problem => (JsonNode?)new JsonObject { ["message"] = problem, ["priority"] = "low" }).ToJsonArray(),
    });
}

/// <summary>What an administrator should look after.</summary>
static class Problems
{
    public static async Task<List<string>> ListAsync(ForumDatabase database, RedisClient redis, MailSettings mail, CancellationToken cancellation)
    {
        List<string> problems = [];
        if (!redis.IsAvailable)
            problems.Add("Redis can't be reached: nothing is live, and what needs it says so.");
        if (mail.Address is null)
            problems.Add("No mail server is set (DISCOURSE_SMTP_ADDRESS): nobody gets mail, and members can't confirm their address.");
        var dead = await database.ScalarAsync<int>("SELECT count(*)::int FROM forum_jobs WHERE dead_at IS NOT NULL", [], cancellation);
        if (dead > 0)
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{dead} jobs failed for good: see forum_jobs."));
        return problems;
    }
}
