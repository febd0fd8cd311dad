namespace Pebble.Tests;

/// <summary>One daemon for all tests of a class, which use names of their own.</summary>
public sealed class SharedDaemon : IAsyncLifetime
{
    internal TestDaemon Daemon { get; } = new();

    public async ValueTask InitializeAsync() => await Daemon.StartAsync("--hold");

    public ValueTask DisposeAsync() => Daemon.DisposeAsync();
}
