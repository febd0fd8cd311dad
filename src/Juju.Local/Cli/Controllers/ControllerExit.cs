using Juju.Local.Api;

namespace Juju.Local.Cli.Controllers;

/// <summary>A command that ends the controller returns when its process has: what comes next finds nothing of it.</summary>
static class ControllerExit
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="CommandException">It is still there after half a minute.</exception>
    public static async Task WaitAsync(ControllerDetails controller, TimeProvider clock, CancellationToken cancellation)
    {
        var begin = clock.GetTimestamp();
        while (IsRunning(controller.ProcessId))
        {
            if (clock.GetElapsedTime(begin) > Patience)
            {
                throw new CommandException($"the controller (process {controller.ProcessId}) has not ended after {Patience.TotalSeconds:0} s");
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    // A process that no one has waited for yet is over as well.
    static bool IsRunning(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
