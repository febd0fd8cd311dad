using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Jobs;
using Forum.Mail;
using Forum.Moderation;
using Forum.Redis;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.Backups;

/// <summary>Backups for admins: /admin/backups. A download needs a link that was mailed, and works once.</summary>
static class BackupsApi
{
    public static void MapBackups(this IEndpointRouteBuilder routes)
    {
        var backups = routes.MapGroup("/admin/backups").RequireAdmin();
        backups.MapGet("", List).Named("admin/backups#index");
        backups.MapPost("", CreateAsync).Named("admin/backups#create");
        backups.MapPut("/{filename}", MailAsync).Named("admin/backups#email");
        backups.MapGet("/{filename}", DownloadAsync).Named("admin/backups#show");
        backups.MapDelete("/{filename}", Delete).Named("admin/backups#destroy");
    }

    static IResult List(BackupFiles files, SiteSettings settings)
    {
        CheckEnabled(settings);
        return Replies.Json(new JsonArray([.. files.List().Select(file => (JsonNode)new JsonObject
        {
            ["filename"] = file.Name, ["size"] = file.Length, ["last_modified"] = Replies.Time(file.LastWriteTimeUtc),
        })]));
    }

    static async Task<IResult> CreateAsync(
        Parameters parameters, CurrentUser current, ForumDatabase database, JobQueue queue, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var withUploads = parameters.Bool("with_uploads") ?? throw Refused.Missing("with_uploads");
        if (await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM forum_jobs WHERE name = $1 AND dead_at IS NULL)", [CreateBackup.JobName], cancellation))
        {
            return Replies.Json(new JsonObject { ["failed"] = "FAILED", ["message"] = "An operation is currently running. Can't start a new job right now." });
        }

        await queue.EnqueueAsync(database, CreateBackup.JobName, new JsonObject { ["with_uploads"] = withUploads }, cancellation);
        await StaffActions.LogAsync(database, StaffAction.BackupCreate, current.Id, null, time.GetUtcNow().UtcDateTime, cancellation, new StaffActionDetails { IsAdminOnly = true });
        return Replies.Success();
    }

    static async Task<IResult> MailAsync(
        string filename, CurrentUser current, ForumDatabase database, BackupFiles files, Mailer mailer, RedisClient redis, BaseUrl baseUrl, SiteSettings settings, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var file = files.Find(filename) ?? throw Refused.NotFound();
        var token = AuthTokens.NewToken();
        await redis.SendAsync(["SET", Key(token), file.Name, "EX", 86400], cancellation);
        var email = await database.ScalarAsync<string>("SELECT email FROM user_emails WHERE user_id = $1 AND \"primary\"", [current.Id], cancellation) ?? "";
        if (Emails.IsValid(email))
        {
            await mailer.EnqueueAsync(database, new MailMessage(
                email, "download_backup_message", current.Id, "Site backup download",
                $"Here's the site backup that you asked for. The link works once.\n\n{baseUrl.Absolute($"/admin/backups/{file.Name}?token={token}")}"), cancellation);
        }

        return Results.StatusCode(200);
    }

    static async Task<IResult> DownloadAsync(string filename, Parameters parameters, BackupFiles files, RedisClient redis, SiteSettings settings, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var file = files.Find(filename) ?? throw Refused.NotFound();
        var token = parameters.Text("token") ?? "";
        if (token.Length != 32 || (await redis.SendAsync(["GETDEL", Key(token)], cancellation)).Text != file.Name)
        {
            throw Refused.Invalid("Sorry, this backup download link has already been used or has expired.");
        }

        return Results.File(file.FullName, "application/gzip", file.Name);
    }

    static IResult Delete(string filename, BackupFiles files, SiteSettings settings)
    {
        CheckEnabled(settings);
        (files.Find(filename) ?? throw Refused.NotFound()).Delete();
        return Results.StatusCode(200);
    }

    static string Key(string token) => RedisClient.Key("backup-token:" + token);

    static void CheckEnabled(SiteSettings settings)
    {
        if (!settings.Bool("enable_backups"))
        {
            throw Refused.NotFound();
        }
    }
}
