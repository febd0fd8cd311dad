using Pebble.Api;
using Pebble.Formats;
using Pebble.State;

namespace Pebble.Changes;

/// <summary>/v1/changes: what is under way, and what became of it.</summary>
static class ChangesApi
{
    public static ValueTask<Reply> List(Daemon daemon, Request request, CancellationToken _)
    {
        Func<Change, bool> isWanted = request.Query.First("select") switch
        {
            "" or "in-progress" => change => !change.Status.IsReady(),
            "ready" => change => change.Status.IsReady(),
            "all" => _ => true,
            _ => throw ApiError.BadRequest("select should be one of: all,in-progress,ready"),
        };
        var service = request.Query.First("for");
        return ValueTask.FromResult(Reply.Sync(writer =>
        {
            writer.WriteStartArray();
            using (daemon.State.Enter())
            {
                foreach (var change in daemon.State.Changes.Where(isWanted))
                {
                    if (service.Length == 0 || change.Values.Strings("service-names").Contains(service))
                    {
                        ChangeJson.Write(writer, change);
                    }
                }
            }

            writer.WriteEndArray();
        }));
    }

    public static ValueTask<Reply> Get(Daemon daemon, Request request, CancellationToken _)
    {
        var change = Find(daemon, request);
        return ValueTask.FromResult(Reply.Sync(writer => ChangeJson.WriteLocked(writer, daemon.State, change)));
    }

    public static async ValueTask<Reply> WaitAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var change = Find(daemon, request);
        var timeoutText = request.Query.First("timeout");
        var timeout = TimeSpan.Zero;
        if (timeoutText.Length > 0 && !GoDuration.TryParse(timeoutText, out timeout, out var error))
        {
            throw ApiError.BadRequest($"invalid timeout: {error}");
        }

        try
        {
            await change.Ready.WaitAsync(timeout == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : Positive(timeout), daemon.Clock, cancellation);
        }
        catch (TimeoutException)
        {
            throw ApiError.Timeout($"timed out waiting for change after {GoDuration.Format(timeout)}");
        }
        catch (OperationCanceledException)
        {
            throw ApiError.Internal("request cancelled");
        }

        return Reply.Sync(writer => ChangeJson.WriteLocked(writer, daemon.State, change));
    }

    public static async ValueTask<Reply> Abort(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var change = Find(daemon, request);
        var body = await request.ReadJsonAsync("cannot decode data from request body", cancellation);
        if (body.String("action") is not "abort" and var action)
        {
            throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}");
        }

        using (daemon.State.Enter())
        {
            if (change.Status.IsReady())
            {
                throw ApiError.BadRequest($"cannot abort change {change.Id} with nothing pending");
            }

            change.Abort();
            var reply = ChangeJson.Snapshot(change);
            daemon.Runner.EnsureLocked();
            return Reply.Sync(reply);
        }
    }

    static Change Find(Daemon daemon, Request request)
    {
        var id = request.Variable("id");
        using (daemon.State.Enter())
        {
            return daemon.State.FindChange(id) ?? throw ApiError.NotFound($"cannot find change with id {GoQuote.Quote(id)}");
        }
    }

    /// <summary>A clock refuses what is negative or longer than 49 days.</summary>
    static TimeSpan Positive(TimeSpan timeout) =>
        timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout > TimeSpan.FromDays(40) ? TimeSpan.FromDays(40) : timeout;
}
