using System.Text;
using Pebble.Client;

namespace Ops;

/// <summary>A command behind Pebble's socket. Its input is sent, and its output read, while it is waited for.</summary>
sealed class ClientProcess(ExecProcess process, ReadOnlyMemory<byte>? input) : IPebbleProcess
{
    /// <summary>In bytes; what the socket's buffer takes at once, so that sending it waits for nobody.</summary>
    const int SmallInput = 16 * 1024;

    (int, string, string?)? end;

    public (int ExitCode, string Output, string? ErrorOutput) WaitForEnd() =>
        end ??= ClientPebble.Wait(WaitAsync(CancellationToken.None));

    public Stream Input => field ??= new BlockingStream(process.Input);

    public Stream Output => field ??= new BlockingStream(process.Output);

    public Stream? ErrorOutput => process.ErrorOutput is null ? null : field ??= new BlockingStream(process.ErrorOutput);

    public int WaitForExitCode() => ClientPebble.Wait(EndAsync(CancellationToken.None));

    public void SendSignal(string signal) => ClientPebble.Wait(process.SendSignalAsync(signal, CancellationToken.None));

    static async Task<string> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    async Task<int> EndAsync(CancellationToken cancellation)
    {
        await using (process)
        {
            await process.Input.DisposeAsync();
            return await process.WaitForExitCodeAsync(cancellation);
        }
    }

    async Task<(int, string, string?)> WaitAsync(CancellationToken cancellation)
    {
        await using (process)
        {
            // A short input goes first, as most commands wait for theirs before they write. A long one goes while output is read:
            // a command that writes much before it has read its input would stop otherwise.
            var isSentFirst = input is not { Length: > SmallInput };
            if (isSentFirst)
            {
                await SendAsync(cancellation);
            }

            var output = ReadAsync(process.Output, cancellation);
            var error = process.ErrorOutput is { } stream ? ReadAsync(stream, cancellation) : null;
            if (!isSentFirst)
            {
                await SendAsync(cancellation);
            }

            var code = await process.WaitForExitCodeAsync(cancellation);
            return (code, await output, error is null ? null : await error);
        }
    }

    async Task SendAsync(CancellationToken cancellation)
    {
        try
        {
            if (input is { } bytes)
            {
                await process.Input.WriteAsync(bytes, cancellation);
            }
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // The command ended without reading it all: its exit code says how that went.
        }

        await process.Input.DisposeAsync();
    }
}
