using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Jobs;
using Forum.Mail;
using Forum.Moderation;
using Forum.Pages;
using Forum.Redis;
using Forum.Sessions;
using Forum.Settings;
using Forum.Status;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Backups;

/// <summary>Backups for admins: /admin/backups. A download needs a link that was mailed, and works once.</summary>
static partial class BackupsApi
{
    public static void MapBackups(this IEndpointRouteBuilder routes)
    {
        var backups = routes.MapGroup("/admin/backups").RequireAdmin();
        backups.MapGet("", ListAsync).WithPage(AdminPages.BackupsAsync).Named("admin/backups#index");
        backups.MapPost("", CreateAsync).Named("admin/backups#create");
        backups.MapPut("/readonly", ReadOnlyAsync).Named("admin/backups#readonly");
        backups.MapPut("/{filename}", MailAsync).Named("admin/backups#email");
        backups.MapGet("/{filename}", DownloadAsync).Named("admin/backups#show");
        backups.MapDelete("/{filename}", DeleteAsync).Named("admin/backups#destroy");
        backups.MapPost("/{filename}/restore", RestoreAsync).Named("admin/backups#restore");
        backups.MapPost("/rollback", RollBackAsync).Named("admin/backups#rollback");
    }

    static async Task<IResult> ListAsync(Backups backups, SiteSettings settings, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        return Replies.Json(new JsonArray([.. (await backups.Store.ListAsync(cancellation)).Select(backup => (JsonNode)new JsonObject
        {
            ["filename"] = backup.Name, ["size"] = backup.Bytes, ["last_modified"] = Replies.Time(backup.ModifiedAt),
        })]));
    }

    static async Task<IResult> ReadOnlyAsync(
        Parameters parameters, CurrentUser current, ReadOnlyMode mode, MessageBus.MessageBus bus, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var enable = parameters.Bool("enable") ?? throw Refused.Missing("enable");
        await mode.SetAsync(enable, cancellation);
        await bus.PublishAsync("/site/read-only", enable, MessageBus.BusAudience.Everyone, cancellation);
        await StaffActions.LogAsync(database, StaffAction.ChangeReadonlyMode, current.Id, null, time.GetUtcNow().UtcDateTime, cancellation, new StaffActionDetails
        {
            PreviousValue = enable ? "f" : "t",
            NewValue = enable ? "t" : "f",
            IsAdminOnly = true,
        });
        return JsonParts.Empty();
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
        string filename, CurrentUser current, ForumDatabase database, Backups backups, Mailer mailer, RedisClient redis, BaseUrl baseUrl, SiteSettings settings, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var file = await backups.FindAsync(filename, cancellation) ?? throw Refused.NotFound();
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

    static async Task<IResult> DownloadAsync(string filename, Parameters parameters, Backups backups, RedisClient redis, SiteSettings settings, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var file = await backups.FindAsync(filename, cancellation) ?? throw Refused.NotFound();
        var token = parameters.Text("token") ?? "";
        if (token.Length != 32 || (await redis.SendAsync(["GETDEL", Key(token)], cancellation)).Text != file.Name)
        {
            throw Refused.Invalid("Sorry, this backup download link has already been used or has expired.");
        }

        return await backups.Store.DownloadAsync(file.Name, cancellation);
    }

    static async Task<IResult> DeleteAsync(
        string filename, CurrentUser current, Backups backups, ForumDatabase database, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var backup = await backups.FindAsync(filename, cancellation) ?? throw Refused.NotFound();
        await backups.Store.DeleteAsync(backup.Name, cancellation);
        await StaffActions.LogAsync(database, StaffAction.BackupDestroy, current.Id, null, time.GetUtcNow().UtcDateTime, cancellation, new StaffActionDetails { Details = backup.Name, IsAdminOnly = true });
        return Results.StatusCode(200);
    }

    /// <summary>Answers when it is done: whoever asked was a member of the forum that is replaced.</summary>
    static async Task<IResult> RestoreAsync(
        string filename, CurrentUser current, Backups backups, RestoreBackup restore, ForumDatabase database, SiteSettings settings, TimeProvider time, ILogger<RestoreBackup> logger,
        CancellationToken cancellation)
    {
        CheckEnabled(settings);
        if (!settings.Bool("allow_restore"))
        {
            throw Refused.InvalidAccess("Restores are disabled in the site settings: allow_restore.");
        }

        var backup = await backups.FindAsync(filename, cancellation) ?? throw Refused.NotFound();
        await StaffActions.LogAsync(database, StaffAction.CustomStaff, current.Id, null, time.GetUtcNow().UtcDateTime, cancellation,
            new StaffActionDetails { CustomType = "restore_backup", Details = backup.Name, IsAdminOnly = true });
        return await TryAsync(() => restore.RunAsync(backup.Name, step => LogStep(logger, step), cancellation));
    }

    static async Task<IResult> RollBackAsync(RestoreBackup restore, SiteSettings settings, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        return await TryAsync(() => restore.RollBackAsync(cancellation));
    }

    static async Task<IResult> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return Replies.Success();
        }
        catch (BackupException e)
        {
            throw Refused.Invalid(e.Message);
        }
    }

    static string Key(string token) => RedisClient.Key("backup-token:" + token);

    public static void CheckEnabled(SiteSettings settings)
    {
        if (!settings.Bool("enable_backups"))
        {
            throw Refused.NotFound();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Restore: {Step}")]
    static partial void LogStep(ILogger logger, string step);
}
