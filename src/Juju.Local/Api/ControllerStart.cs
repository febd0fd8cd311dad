using System.Diagnostics;

namespace Juju.Local.Api;

/// <summary>Starts the home's controller, detached from the terminal and from the command that needed it.</summary>
static class ControllerStart
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    const int LeastSpaceMiB = 64;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task<ControllerClient> StartAsync(ControllerHome home, CancellationToken cancellation)
    {
        Directory.CreateDirectory(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var space = new DriveInfo(home.Path).AvailableFreeSpace / 1024 / 1024;
        if (space < LeastSpaceMiB)
        {
            throw new ControllerException(
                ErrorCode.Internal, $"cannot start the controller: {space} MiB are left on the disk of {home.Path}, and it needs {LeastSpaceMiB}; free some or set JUJU_LOCAL_HOME");
        }

        var clock = TimeProvider.System;
        var begin = clock.GetTimestamp();
        for (var tries = 0; clock.GetElapsedTime(begin) < Patience; tries++)
        {
            // Once more from time to time: one that is ending has the lock until it has ended.
            if (tries % 100 == 0)
            {
                Launch(home);
            }

            if (await ControllerClient.FindAsync(home, cancellation) is { } client)
            {
                return client;
            }

            await Task.Delay(Pause, clock, cancellation);
        }

        throw new ControllerException(ErrorCode.Internal, $"the controller did not start within {Patience.TotalSeconds:0} s; see {home.Log}");
    }

    // A new session of its own survives the terminal's hangup; several commands may do this at once, the lock lets one live.
    static void Launch(ControllerHome home)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList =
            {
                "-c", "exec setsid \"$0\" controller run >>\"$1\" 2>&1 </dev/null &",
                Path.Combine(AppContext.BaseDirectory, "juju-local"), home.Log,
            },
            WorkingDirectory = home.Path,
        };
        start.Environment["JUJU_LOCAL_HOME"] = home.Path;
        using var shell = Process.Start(start) ?? throw new InvalidOperationException("cannot start /bin/sh");
        shell.WaitForExit();
    }
}
