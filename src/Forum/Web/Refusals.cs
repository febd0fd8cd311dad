using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Forum.RateLimits;
using Forum.Redis;
using Forum.Sessions;
using Forum.Settings;
using Npgsql;

namespace Forum.Web;

/// <summary>Turns refusals and failures into Discourse's answers, once, at the edge.</summary>
sealed partial class Refusals(RequestDelegate next, ILogger<Refusals> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (RefusedException e)
        {
            await AnswerAsync(context, e);
        }
        catch (ForgedRequestException)
        {
            context.Response.StatusCode = 403;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("[\"BAD CSRF\"]");
        }
        catch (TooManyRequestsException e)
        {
            context.Response.StatusCode = 429;
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.Headers.RetryAfter = e.Seconds.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["Discourse-Rate-Limit-Error-Code"] = e.Code;
            await context.Response.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $"Slow down, you're making too many requests.\nPlease retry again in {e.Seconds} seconds.\nError code: {e.Code}.\n"));
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(context, new RefusedException(e.StatusCode, e.StatusCode == 413 ? null : "invalid_parameters", "The request could not be read."));
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            // Class 22, data exception. Text, a number or a date that no column can hold: the client's mistake.
            LogUnstorable(context.Request.Path, e.MessageText);
            await AnswerAsync(context, Refused.InvalidParameters("value"));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            // The server that answers is a replica, for as long as the primary changes.
            LogUnavailable(context.Request.Path, e.MessageText);
            await AnswerAsync(context, Refused.ReadOnly());
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            // Class 23, a constraint: of two that add the same, or of one that names what another removes, the second learns it here.
            LogUnstorable(context.Request.Path, $"{e.MessageText} ({e.ConstraintName ?? e.ColumnName})");
            await AnswerAsync(context, e.SqlState == PostgresErrorCodes.UniqueViolation
                ? new RefusedException(409, "conflict", "This has already been taken or done.")
                : Refused.Invalid("This names something that is not there, or lacks something that is needed."));
        }
        catch (Exception e) when (Retries.IsConflict(e))
        {
            LogUnstorable(context.Request.Path, e.Message);
            await AnswerAsync(context, new RefusedException(409, "conflict", "Someone else changed this at the same time. Please try again."));
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            LogUnavailable(context.Request.Path, e.MessageText);
            await AnswerAsync(context, Refused.Unavailable("The forum's database is being set up or restored. Please try again in a moment."));
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            LogUnavailable(context.Request.Path, e.Message);
            await AnswerAsync(context, Refused.Unavailable("The forum's cache is not available. Please try again in a moment."));
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            LogUnavailable(context.Request.Path, e.Message);
            await AnswerAsync(context, Refused.Unavailable("The forum's database is not available. Please try again in a moment."));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = 499;
        }
#pragma warning disable CA1031 // The outermost turn of a request: what is not foreseen is logged and answered.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e, context.Request.Method, context.Request.Path);
            await AnswerAsync(context, new RefusedException(500, null, "Something went wrong on the server."));
        }
    }

    /// <summary>The answer to a refused request: JSON, or a page for those who asked for one.</summary>
    public static async Task AnswerAsync(HttpContext context, RefusedException refusal)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Headers.ContentLength = null;
        context.Response.StatusCode = refusal.Status;
        if (refusal.WaitSeconds is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.LimitCode is { } code)
        {
            context.Response.Headers["Discourse-Rate-Limit-Error-Code"] = code;
        }

        if (context.WantsJson() || !HttpMethods.IsGet(context.Request.Method))
        {
            await Replies.Json(Body(refusal), refusal.Status).ExecuteAsync(context);
            return;
        }

        if (refusal.Type == "not_logged_in")
        {
            if (context.RequestServices.GetService<SiteSettings>() is { } settings && settings.Bool("login_required"))
            {
                context.Response.Redirect(context.Request.PathBase + "/login");
                return;
            }

            // A page that is for members is none for visitors, as upstream has it.
            context.Response.StatusCode = 404;
        }

        var page = context.RequestServices.GetService<IErrorPage>();
        if (page is not null)
        {
            await page.WriteAsync(context, refusal);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            $"<!DOCTYPE html><html lang=\"en\"><head><title>{refusal.Status}</title></head><body><h1>{HtmlEncoder.Default.Encode(refusal.Message)}</h1></body></html>");
    }

    static JsonObject Body(RefusedException refusal)
    {
        var body = new JsonObject { ["errors"] = new JsonArray([.. refusal.Errors.Select(error => (JsonNode?)error)]) };
        if (refusal.Type is { } type)
        {
            body["error_type"] = type;
        }

        if (refusal.WaitSeconds is { } wait)
        {
            body["extras"] = new JsonObject { ["wait_seconds"] = wait, ["time_left"] = $"{wait.ToString(CultureInfo.InvariantCulture)} seconds" };
        }

        return body;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {Path}: {Reason}")]
    partial void LogUnstorable(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not answer {Path}: {Reason}")]
    partial void LogUnavailable(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    partial void LogFailed(Exception e, string method, string path);
}

/// <summary>The HTML page for a refused request; the pages feature offers it.</summary>
interface IErrorPage
{
    Task WriteAsync(HttpContext context, RefusedException refusal);
}
