using System.Globalization;
using System.Runtime.InteropServices;
using Pebble.Api;
using Pebble.Cli;
using Pebble.Client;
using Pebble.Processes;
using Pebble.Services;
using Pebble.State;

namespace Pebble;

/// <summary>The daemon from its first breath to its exit code.</summary>
sealed class DaemonLife(Daemon daemon)
{
    static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(1);
    static readonly string UserNumber = Libc.getuid().ToString(CultureInfo.InvariantCulture);

    readonly Systemd systemd = new(daemon.Environment);

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

        // A signal that comes while the daemon starts ends it in order as soon as it has started.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Signalled);

        // The socket first: a second daemon must not touch the state of the one that has it. Nobody is answered before the
        // layers are read.
        using var servers = Listeners.Open(daemon, new Router(daemon, RouteTable.Routes));
        Descriptors.KeepInherited();
        daemon.Reaper.Start();
        daemon.Load();
        daemon.Plan.SetArguments(daemon.Options.ServiceArguments);
        SecurityLog.Warn("sys_startup", UserNumber, "Starting daemon");
        Logger.Notice("Started daemon.");
        servers.Start();
        systemd.Ready();
        using var watchdog = systemd.StartWatchdog(daemon.Clock);

        using var pruning = PruneNowAndThen();
        using var client = new PebbleClient(daemon.Environment.SocketPath);
        var starting = await BeginAsync(client, visitor);
        await Task.WhenAny(signalled.Task, daemon.Restarts.Requested, left.Task);
        if (signalled.Task.IsCompleted)
        {
            Logger.Notice($"Exiting on {Name(await signalled.Task)} signal.");
        }
        else if (daemon.Restarts.Requested.IsCompleted)
        {
            Logger.Notice("Server exiting! Reason: <nil>");
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
            await SeedIdentitiesAsync(client, file);
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

    static async Task SeedIdentitiesAsync(PebbleClient client, string file)
    {
        Dictionary<string, Identity?> identities;
        try
        {
            identities = IdentityCommands.Read(file);
        }
        catch (CommandException e)
        {
            throw new IOException($"cannot read identities: {e.Message}", e);
        }

        try
        {
            await client.ReplaceIdentitiesAsync(identities, CancellationToken.None);
        }
        catch (PebbleException e)
        {
            throw new IOException($"cannot replace identities: {e.Message}", e);
        }
    }

    /// <summary>Services first, dependants before what they need; then the API; then what is left is written.</summary>
    async Task StopAsync(Listeners servers)
    {
        SecurityLog.Warn("sys_shutdown", UserNumber, "Shutting down daemon");
        systemd.Stopping();
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
