namespace Pebble.Cli;

/// <summary>Every command but `run` and `enter`: each talks to a daemon.</summary>
static class CommandLine
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Logger.Notice($"error: unknown command \"{args.FirstOrDefault()}\"");
        return Task.FromResult(1);
    }
}
