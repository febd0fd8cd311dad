using System.Threading.Channels;

namespace Forum.Logs;

/// <summary>A log that is appended to from a queue of its own, so that no request waits for the disk. Lines that come faster than the disk takes them are counted and dropped.</summary>
sealed class LogFile : IAsyncDisposable
{
    const int MostWaiting = 20_000;

    readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    readonly Task _writing;

    public LogFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writing = Task.Run(() => WriteAsync(path));
    }

    public void Write(string line) => _lines.Writer.TryWrite(line);

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    async Task WriteAsync(string path)
    {
        await using var file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line))
            {
                await file.WriteLineAsync(line);
            }

            await file.FlushAsync();
        }
    }
}
