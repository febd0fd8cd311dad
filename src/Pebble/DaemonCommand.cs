using System.Runtime.InteropServices;
using Pebble.Api;
using Pebble.Plan;
using Pebble.Services;
using Pebble.State;

namespace Pebble;

/// <summary>`pebble run`: from reading the layers to the exit code.</summary>
static class DaemonCommand
{
    static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args)
    {
        Environment.SetEnvironmentVariable(DaemonEnvironment.InlineCompletions, "1");
        DaemonOptions options;
        try
        {
            options = DaemonOptions.Parse(args[1..]);
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return 1;
        }

        try
        {
            return await RunAsync(options, DaemonEnvironment.Read());
        }
        catch (Exception e) when (e is IOException or PlanError or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"cannot run daemon: {e.Message}");
            return 1;
        }
    }

    static async Task<int> RunAsync(DaemonOptions options, DaemonEnvironment environment)
    {
        PebbleFolder.Prepare(environment, options.CreateDirs);
        var daemon = new Daemon(options, environment, TimeProvider.System);
        daemon.Reaper.Start();
        daemon.Load();
        if (options.Dry)
        {
            return 0;
        }

        var router = new Router(daemon, RouteTable.Routes);
        using var servers = Listeners.Open(daemon, router);
        daemon.Plan.SetArguments(options.ServiceArguments);
        Logger.Notice("Started daemon.");
        servers.Start();

        var signalled = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Signalled);
        using var pruning = PruneNowAndThen(daemon);
        if (!options.Hold)
        {
            _ = Autostart.RunAsync(daemon, environment.SocketPath);
        }

        await Task.WhenAny(signalled.Task, daemon.Restarts.Requested);
        Logger.Notice(signalled.Task.IsCompleted ? $"Exiting on {Name(await signalled.Task)} signal." : "Server exiting!");
        await StopAsync(daemon, servers);
        return daemon.Restarts.Requested is { IsCompleted: true } requested
            ? await requested switch { Shutdown.ServiceFailure => 10, Shutdown.CheckFailure => 11, _ => 0 }
            : 0;

        void Signalled(PosixSignalContext context)
        {
            context.Cancel = true;
            signalled.TrySetResult(context.Signal);
        }
    }

    static async Task StopAsync(Daemon daemon, Listeners servers)
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

        await servers.StopAsync(ShutdownGrace, daemon.Clock);
        await Task.WhenAny(daemon.Runner.StopAsync(CancellationToken.None), Task.Delay(ShutdownGrace, daemon.Clock));
        daemon.Save();
    }

    static ITimer PruneNowAndThen(Daemon daemon)
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

    static string Name(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => "interrupt",
        PosixSignal.SIGQUIT => "quit",
        _ => "terminated",
    };
}
