using System.Text.Json;
using Pebble.Api;
using Pebble.Formats;
using Pebble.Plan;

namespace Pebble.Checks;

/// <summary>/v1/checks and /v1/health.</summary>
static class ChecksApi
{
    public static ValueTask<Reply> List(Daemon daemon, Request request, CancellationToken _)
    {
        var level = Level(request);
        var names = request.Query.List("names");
        var checks = daemon.Checks.List().Where(each => (level.Length == 0 || each.Level == level) && (names.Count == 0 || names.Contains(each.Name)));
        return ValueTask.FromResult(Reply.Sync(writer =>
        {
            writer.WriteStartArray();
            foreach (var check in checks)
            {
                Write(writer, check);
            }

            writer.WriteEndArray();
        }));
    }

    public static ValueTask<Reply> Health(Daemon daemon, Request request, CancellationToken _)
    {
        var level = Level(request);
        var names = request.Query.List("names");
        // Being ready includes being alive.
        var isHealthy = !daemon.Checks.List().Any(each => each.Status == "down"
            && (level.Length == 0 || each.Level == level || (level == "ready" && each.Level == "alive"))
            && (names.Count == 0 || names.Contains(each.Name)));
        return ValueTask.FromResult<Reply>(new JsonReply("sync", isHealthy ? 200 : 502)
        {
            Result = writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("healthy"u8, isHealthy);
                writer.WriteEndObject();
            },
        });
    }

    public static async ValueTask<Reply> PostAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var body = await request.ReadJsonAsync("cannot decode data from request body", cancellation);
        var action = body.String("action");
        var names = body.Strings("checks");
        if (names.Count == 0)
        {
            throw ApiError.BadRequest($"must specify checks for {action} action");
        }

        foreach (var name in action == "stop" ? names : [])
        {
            SecurityLog.Warn("sys_monitor_disabled", $"{SecurityLog.NameOf(request.Caller)},{name}", $"Stopping check {name}");
        }

        IReadOnlyList<string> changed;
        try
        {
            changed = action switch
            {
                "start" => daemon.Checks.Start(names),
                "stop" => daemon.Checks.Stop(names),
                _ => throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}"),
            };
        }
        catch (PlanError e)
        {
            throw ApiError.BadRequest($"cannot {action} checks: {e.Message}");
        }

        return Reply.Sync(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("changed"u8);
            foreach (var name in changed.Order(StringComparer.Ordinal))
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public static async ValueTask<Reply> RefreshAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var body = await request.ReadJsonAsync("cannot decode data from request body", cancellation);
        var name = body.String("name");
        if (name.Length == 0)
        {
            throw ApiError.BadRequest("must specify check name");
        }

        if (!daemon.Plan.Current.Checks.TryGetValue(name, out var config))
        {
            throw ApiError.NotFound($"cannot find check with name {GoQuote.Quote(name)}");
        }

        var error = await daemon.Checks.RefreshAsync(config, cancellation);
        return Reply.Sync(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("info"u8);
            Write(writer, daemon.Checks.Find(name) ?? new HealthCheck(name).View());
            if (error is not null)
            {
                writer.WriteString("error"u8, error);
            }

            writer.WriteEndObject();
        });
    }

    static string Level(Request request) =>
        request.Query.First("level") is "" or "alive" or "ready"
            ? request.Query.First("level")
            : throw ApiError.BadRequest("level must be \"alive\" or \"ready\"");

    static void Write(Utf8JsonWriter writer, CheckView check)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, check.Name);
        Optional("level", check.Level);
        writer.WriteString("startup"u8, check.Startup);
        writer.WriteString("status"u8, check.Status);
        writer.WriteNumber("successes"u8, check.Successes);
        if (check.Failures > 0)
        {
            writer.WriteNumber("failures"u8, check.Failures);
        }

        writer.WriteNumber("threshold"u8, check.Threshold);
        Optional("change-id", check.ChangeId);
        Optional("prev-change-id", check.PreviousChangeId);
        writer.WriteEndObject();

        void Optional(string name, string value)
        {
            if (value.Length > 0)
            {
                writer.WriteString(name, value);
            }
        }
    }
}
