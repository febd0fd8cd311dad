using System.Runtime.InteropServices;
using Pebble.Api;
using Pebble.Cli;
using Pebble.Client;
using Pebble.Services;
using Pebble.State;

namespace Pebble;

/// <summary>The daemon from its first breath to its exit code.</summary>
sealed class DaemonLife(Daemon daemon)
{
    static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(1);

    readonly TaskCompletionSource<PosixSignal> signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="visitor">Run once the daemon is ready; false lets the daemon end.</param>
    public async Task<int> RunAsync(Func<Task<bool>>? visitor)
    {
        if (daemon.Options.Dry)
        {
            // Nothing that was left to do is done.
            await daemon.Runner.StopAsync(CancellationToken.None);
            daemon.Load();
            daemon.Plan.SetArguments(daemon.Options.ServiceArguments);
            return 0;
        }

        // The socket first: a second daemon must not touch the state of the one that has it. Nobody is answered before the
        // layers are read.
        using var servers = Listeners.Open(daemon, new Router(daemon, RouteTable.Routes));
        daemon.Reaper.Start();
        daemon.Load();
        daemon.Plan.SetArguments(daemon.Options.ServiceArguments);
        Logger.Notice("Started daemon.");
        servers.Start();

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Signalled);
        using var pruning = PruneNowAndThen();
        using var client = new PebbleClient(daemon.Environment.SocketPath);
        var starting = await BeginAsync(client, visitor);
        await Task.WhenAny(signalled.Task, daemon.Restarts.Requested, left.Task);
        if (signalled.Task.IsCompleted)
        {
            Logger.Notice($"Exiting on {Name(await signalled.Task)} signal.");
        }

        await StopAsync(servers);
        await Task.WhenAny(starting, Task.Delay(ShutdownGrace, daemon.Clock));
        return daemon.Restarts.Requested is { IsCompleted: true } requested
            ? await requested switch { Shutdown.ServiceFailure => 10, Shutdown.CheckFailure => 11, _ => 0 }
            : 0;
    }

    async Task<Task> BeginAsync(PebbleClient client, Func<Task<bool>>? visitor)
    {
        if (daemon.Options.IdentitiesFile is { } file)
        {
            await client.ReplaceIdentitiesAsync(IdentityCommands.Read(file), CancellationToken.None);
        }

        return Task.Run(async () =>
        {
            if (!daemon.Options.Hold)
            {
                await Autostart.RunAsync(client, CancellationToken.None);
            }

            if (visitor is not null && !await visitor())
            {
                left.TrySetResult();
            }
        });
    }

    /// <summary>Services first, dependants before what they need; then the API; then what is left is written.</summary>
    async Task StopAsync(Listeners servers)
    {
        if (ServiceTasks.StopAll(daemon) is { } change)
        {
            Logger.Notice("Stopping all running services.");
            var limit = Task.Delay(daemon.Services.StopTimeout(), daemon.Clock);
            if (await Task.WhenAny(change.Ready, limit) == limit)
            {
                Logger.Notice("Cannot stop running services: timeout stopping running services");
            }
        }

        await daemon.LogForwarding.StopAsync();
        await servers.StopAsync(ShutdownGrace, daemon.Clock);
        await Task.WhenAny(daemon.Runner.StopAsync(CancellationToken.None), Task.Delay(ShutdownGrace, daemon.Clock));
        daemon.Save();
    }

    ITimer PruneNowAndThen()
    {
        var started = daemon.Clock.GetUtcNow();
        return daemon.Clock.CreateTimer(
            _ =>
            {
                Pruning.Prune(daemon.State, started);
                daemon.Services.Prune(Pruning.AfterEnd);
            },
            null,
            Pruning.Interval,
            Pruning.Interval);
    }

    void Signalled(PosixSignalContext context)
    {
        context.Cancel = true;
        signalled.TrySetResult(context.Signal);
    }

    static string Name(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => "interrupt",
        PosixSignal.SIGQUIT => "quit",
        _ => "terminated",
    };
}
