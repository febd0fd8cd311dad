using System.Globalization;
using Pebble.Client;

namespace Pebble.Tests.Files;

public sealed class LargeFileTests
{
    const long TwoGiB = 1L << 31;
    const long MostResidentKiB = 200 * 1024;

    [Fact]
    public async Task Two_gibibytes_are_pulled_without_being_held_in_memory()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        var path = daemon.PathOf("large");
        await using (var file = File.Create(path))
        {
            // Holes but for the last byte: it is the reading that counts.
            file.SetLength(TwoGiB + 1);
            file.Position = TwoGiB;
            file.WriteByte((byte)'!');
        }

        using var client = new PebbleClient(daemon.SocketPath);
        await using var counter = new CountingStream();
        await client.PullAsync(path, counter, TestContext.Current.CancellationToken);

        Assert.Equal((TwoGiB + 1, (byte)'!'), (counter.Length, counter.Last));
        Assert.InRange(PeakKiB(daemon), 1, MostResidentKiB);
    }

    [Fact]
    public async Task A_quarter_of_a_gibibyte_is_pushed_without_being_held_in_memory()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        var source = daemon.PathOf("source");
        await using (var file = File.Create(source))
        {
            file.SetLength(TwoGiB / 8);
        }

        var pushed = await daemon.CliAsync("push", source, daemon.PathOf("target"));

        Assert.Equal((0, ""), (pushed.ExitCode, pushed.Error));
        Assert.Equal(TwoGiB / 8, new FileInfo(daemon.PathOf("target")).Length);
        Assert.InRange(PeakKiB(daemon), 1, MostResidentKiB);
    }

    static long PeakKiB(TestDaemon daemon) => long.Parse(
        File.ReadLines($"/proc/{daemon.ProcessId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':')[1].Trim().Split(' ')[0],
        CultureInfo.InvariantCulture);

    /// <summary>Keeps nothing of what is written but its length and last byte.</summary>
    sealed class CountingStream : Stream
    {
        long length;

        public byte Last { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => length;

        public override long Position { get => length; set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Note(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Write(byte[] buffer, int offset, int count) => Note(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        void Note(ReadOnlySpan<byte> bytes)
        {
            if (!bytes.IsEmpty)
            {
                length += bytes.Length;
                Last = bytes[^1];
            }
        }
    }
}
