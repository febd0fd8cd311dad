using System.Text;
using Pebble.Tests;

namespace Pebble.Client.Tests;

public sealed class ExecTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Output_and_errors_come_apart()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        await using var process = await client.ExecAsync(
            new ExecOptions { Command = ["sh", "-c", "echo out; echo $A >&2"], Environment = new Dictionary<string, string> { ["A"] = "b c" } }, Cancel);
        var (output, errors) = await process.WaitOutputAsync(Cancel);

        Assert.Equal(("out\n", "b c\n"), (output, errors));
    }

    [Fact]
    public async Task A_failing_command_throws_with_its_output()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        await using var process = await client.ExecAsync(
            new ExecOptions { Command = ["sh", "-c", "echo before; exit 42"], CombineStderr = true }, Cancel);
        var error = await Assert.ThrowsAsync<ExecException>(() => process.WaitOutputAsync(Cancel));

        Assert.Equal((42, "before\n", null), (error.ExitCode, error.Output, error.ErrorOutput));
    }

    [Fact]
    public async Task Input_streams_through()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        await using var process = await client.ExecAsync(new ExecOptions { Command = ["cat"] }, Cancel);
        var sent = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i}\n")));

        var copying = ReadAllAsync(process.Output);
        await process.Input.WriteAsync(sent, Cancel);
        await process.Input.DisposeAsync();
        await process.WaitAsync(Cancel);

        var received = await copying;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task A_signal_ends_it()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        await using var process = await client.ExecAsync(new ExecOptions { Command = ["sh", "-c", "echo ready; exec sleep 100"] }, Cancel);
        var buffer = new byte[100];
        var count = await process.Output.ReadAsync(buffer, Cancel);

        await process.SendSignalAsync("SIGTERM", Cancel);
        var code = await process.WaitForExitCodeAsync(Cancel);

        Assert.Equal("ready\n", Encoding.UTF8.GetString(buffer, 0, count));
        Assert.Equal(128 + 15, code);
    }

    [Fact]
    public async Task A_timeout_fails_the_change()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        await using var process = await client.ExecAsync(new ExecOptions { Command = ["sleep", "100"], Timeout = TimeSpan.FromMilliseconds(100) }, Cancel);

        var error = await Assert.ThrowsAsync<ChangeException>(() => process.WaitAsync(Cancel));

        Assert.Contains("timed out after 100ms", error.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_has_the_size_it_is_given()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        await using var process = await client.ExecAsync(
            new ExecOptions { Command = ["stty", "size"], Terminal = true, Interactive = true, CombineStderr = true, Width = 97, Height = 31 }, Cancel);
        var output = await ReadAllAsync(process.Output);
        await process.WaitAsync(Cancel);

        Assert.Equal("31 97\r\n", Encoding.UTF8.GetString(output));
    }

    [Fact]
    public async Task A_missing_program_is_refused()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        var error = await Assert.ThrowsAsync<PebbleApiException>(() => client.ExecAsync(new ExecOptions { Command = ["no-such-program"] }, Cancel));

        Assert.Equal("cannot find executable \"no-such-program\"", error.Message);
    }

    static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }
}
