using System.Runtime.InteropServices;
using Pebble.Api;
using Pebble.State;

namespace Pebble;

/// <summary>`pebble run`: from reading the layers to the exit code.</summary>
static class DaemonCommand
{
    static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args)
    {
        // Continuations of socket operations run where they were noticed: half the latency of a small request.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        try
        {
            var options = DaemonOptions.Parse(args[1..]);
            return await RunAsync(options, DaemonEnvironment.Read());
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return 1;
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"cannot run daemon: {e.Message}");
            return 1;
        }
    }

    static async Task<int> RunAsync(DaemonOptions options, DaemonEnvironment environment)
    {
        if (options.CreateDirs)
        {
            Directory.CreateDirectory(environment.Folder, (UnixFileMode)0x1C0);
        }

        var daemon = new Daemon(options, environment, TimeProvider.System);
        daemon.Load();
        var started = daemon.Clock.GetUtcNow();
        var router = new Router(daemon, RouteTable.Routes);
        using var server = new HttpServer(router, UnixSocket.Listen(environment.SocketPath), Transport.UnixSocket);
        Logger.Notice("Started daemon.");
        server.Start();

        var signalled = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Signalled);
        await Task.WhenAny(signalled.Task, daemon.Restarts.Requested);
        if (signalled.Task.IsCompleted)
        {
            Logger.Notice($"Exiting on {await signalled.Task} signal.");
        }

        await daemon.Runner.StopAsync(CancellationToken.None);
        await server.StopAsync(ShutdownGrace, daemon.Clock);
        daemon.Save();
        File.Delete(environment.SocketPath);
        Pruning.Prune(daemon.State, started);
        return daemon.Restarts.Requested is { IsCompleted: true } requested
            ? await requested switch { Shutdown.ServiceFailure => 10, Shutdown.CheckFailure => 11, _ => 0 }
            : 0;

        void Signalled(PosixSignalContext context)
        {
            context.Cancel = true;
            signalled.TrySetResult(context.Signal);
        }
    }
}
