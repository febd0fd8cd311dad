using System.Runtime.InteropServices;
using Pebble.Client;

namespace Pebble.Cli;

/// <summary>Waits for a change as the commands that make one do: showing what happens, aborting it on Ctrl-C.</summary>
static class Waiting
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(5);

    public static async Task<int> FinishAsync(Invocation invocation, string id, CancellationToken cancellation)
    {
        if (invocation.Has("no-wait"))
        {
            Output.Line(id);
            return 0;
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            _ = AbortAsync(invocation.Client, id);
        });
        var change = await FollowAsync(invocation, id, cancellation);
        return change.Status == "Done" ? 0
            : throw new CommandException(change.Err is { Length: > 0 } error
                ? error
                : $"change finished in status \"{change.Status}\" with no error message");
    }

    static async Task<Change> FollowAsync(Invocation invocation, string id, CancellationToken cancellation)
    {
        var shown = new Dictionary<string, string>();
        var absentSince = 0L;
        while (true)
        {
            try
            {
                // The wait ends at once when the change does; the log lines in between are looked for at intervals.
                var change = await FindAsync(invocation.Client, id, cancellation);
                absentSince = 0;
                Show(change, shown);
                if (change.Ready)
                {
                    return change;
                }
            }
            catch (PebbleConnectionException)
            {
                absentSince = absentSince == 0 ? invocation.Clock.GetTimestamp() : absentSince;
                if (invocation.Clock.GetElapsedTime(absentSince) > LongestAbsence)
                {
                    throw;
                }

                await Task.Delay(PollInterval, invocation.Clock, cancellation);
            }
        }
    }

    static async Task<Change> FindAsync(PebbleClient client, string id, CancellationToken cancellation)
    {
        try
        {
            return await client.WaitChangeAsync(id, PollInterval, cancellation);
        }
        catch (PebbleTimeoutException)
        {
            return await client.GetChangeAsync(id, cancellation);
        }
    }

    static void Show(Change change, Dictionary<string, string> shown)
    {
        foreach (var task in change.Tasks.Where(task => task.Status is "Doing" or "Done" && task.Log.Count > 0))
        {
            if (shown.GetValueOrDefault(task.Id) != task.Log[^1])
            {
                shown[task.Id] = task.Log[^1];
                Output.Line(task.Log[^1]);
            }
        }
    }

    static async Task AbortAsync(PebbleClient client, string id)
    {
        try
        {
            await client.AbortChangeAsync(id, CancellationToken.None);
        }
        catch (PebbleException e)
        {
            Output.ErrorLine(e.Message);
        }
    }
}
