using System.Text;
using System.Text.Json;

namespace Pebble.Client;

/// <summary>A command that runs where the daemon runs.</summary>
public sealed class ExecProcess : IAsyncDisposable
{
    // The daemon's own timeout should come first.
    static readonly TimeSpan TimeoutSlack = TimeSpan.FromSeconds(1);

    readonly PebbleClient client;
    readonly ExecOptions options;
    readonly FrameSocket control;
    readonly FrameSocket stdio;
    readonly FrameSocket? stderr;

    internal ExecProcess(
        PebbleClient client, ExecOptions options, string changeId, FrameSocket control, FrameSocket stdio, FrameSocket? stderr)
    {
        this.client = client;
        this.options = options;
        this.control = control;
        this.stdio = stdio;
        this.stderr = stderr;
        ChangeId = changeId;
        Input = new ExecInput(stdio);
        Output = new ExecOutput(stdio);
        ErrorOutput = stderr is null ? null : new ExecOutput(stderr);
    }

    /// <summary>The change of this command.</summary>
    public string ChangeId { get; }

    /// <summary>Standard input; disposing it is the end of input.</summary>
    public Stream Input { get; }

    /// <summary>Standard output, and standard error if they are combined.</summary>
    public Stream Output { get; }

    /// <summary>Standard error; null if it goes with <see cref="Output"/>.</summary>
    public Stream? ErrorOutput { get; }

    /// <summary>Waits for the end of the command.</summary>
    /// <returns>The exit code: 0–255, by a signal 128 + its number.</returns>
    /// <exception cref="ChangeException">It could not be run, or ran into its timeout.</exception>
    public async Task<int> WaitForExitCodeAsync(CancellationToken cancellation)
    {
        var change = await client.FinishChangeAsync(ChangeId, options.Timeout + TimeoutSlack, cancellation).ConfigureAwait(false);
        return change.Tasks is [{ Data: { } data }, ..] && data.TryGetValue("exit-code", out var code) ? code.GetInt32() : -1;
    }

    /// <summary>Waits for the end of the command, which must be a success.</summary>
    /// <exception cref="ExecException">It ended with a code other than 0.</exception>
    /// <exception cref="ChangeException">It could not be run, or ran into its timeout.</exception>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var code = await WaitForExitCodeAsync(cancellation).ConfigureAwait(false);
        if (code != 0)
        {
            throw new ExecException(options.Command, code, null, null);
        }
    }

    /// <summary>Ends the input, collects the output, and waits for the end of the command, which must be a success.</summary>
    /// <returns>Standard output and standard error as UTF-8 text; the latter null if combined.</returns>
    /// <exception cref="ExecException">It ended with a code other than 0; the output is in it.</exception>
    /// <exception cref="ChangeException">It could not be run, or ran into its timeout.</exception>
    public async Task<(string Output, string? ErrorOutput)> WaitOutputAsync(CancellationToken cancellation)
    {
        await Input.DisposeAsync().ConfigureAwait(false);
        var output = ReadAllAsync(Output, cancellation);
        var errors = ErrorOutput is null ? null : ReadAllAsync(ErrorOutput, cancellation);
        var code = await WaitForExitCodeAsync(cancellation).ConfigureAwait(false);
        var outputText = await output.ConfigureAwait(false);
        var errorText = errors is null ? null : await errors.ConfigureAwait(false);
        return code == 0 ? (outputText, errorText) : throw new ExecException(options.Command, code, outputText, errorText);
    }

    /// <summary>Sends a signal to the command.</summary>
    /// <param name="signal">The name with its SIG, such as "SIGTERM".</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task SendSignalAsync(string signal, CancellationToken cancellation) =>
        ControlAsync(new ControlMessage("signal", Signal: new(signal)), cancellation);

    /// <summary>Tells the pseudo-terminal its new size.</summary>
    public Task ResizeAsync(int width, int height, CancellationToken cancellation) =>
        ControlAsync(new ControlMessage("resize", Resize: new(width, height)), cancellation);

    /// <summary>Closes the connections; a command that still runs is killed by the daemon.</summary>
    public ValueTask DisposeAsync()
    {
        control.Dispose();
        stdio.Dispose();
        stderr?.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task ControlAsync(ControlMessage message, CancellationToken cancellation)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, Wire.Default.ControlMessage);
        await control.SendAsync(json.AsMemory(), FrameKind.Text, cancellation).ConfigureAwait(false);
    }

    static async Task<string> ReadAllAsync(Stream stream, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
