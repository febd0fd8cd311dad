using System.Security.Cryptography;
using Pebble.Tests;

namespace Pebble.Client.Tests;

public sealed class FilesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(262_143)]
    [InlineData(5_000_003)]
    public async Task What_is_pushed_is_pulled(int length)
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        var content = RandomNumberGenerator.GetBytes(length);

        await client.PushBytesAsync(daemon.PathOf("a/b \"c\".bin"), content, makeDirs: true, new FileOwnership { Permissions = (UnixFileMode)0x180 }, Cancel);
        var back = await client.PullBytesAsync(daemon.PathOf("a/b \"c\".bin"), Cancel);

        Assert.True(content.AsSpan().SequenceEqual(back));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(daemon.PathOf("a/b \"c\".bin")));
        Assert.Single(Directory.GetFiles(daemon.PathOf("a")));
    }

    [Fact]
    public async Task Content_that_looks_like_a_boundary_is_content()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        const string Text = "\r\n--\r\n----0123456789\r\n\r\n--";

        await client.PushTextAsync(daemon.PathOf("f"), Text, makeDirs: false, null, Cancel);

        Assert.Equal(Text, await client.PullTextAsync(daemon.PathOf("f"), Cancel));
    }

    [Fact]
    public async Task Errors_name_kind_and_path()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        var pull = await Assert.ThrowsAsync<PebblePathException>(() => client.PullTextAsync("/nope", Cancel));
        var push = await Assert.ThrowsAsync<PebblePathException>(() => client.PushTextAsync("/nope/x", "", makeDirs: false, null, Cancel));
        var list = await Assert.ThrowsAsync<PebbleApiException>(() => client.ListFilesAsync("/nope", null, itself: false, Cancel));

        Assert.Equal(("not-found", "stat /nope: no such file or directory"), (pull.Kind, pull.Detail));
        Assert.Equal("not-found", push.Kind);
        Assert.Equal((404, "not-found"), (list.Code, list.Kind));
    }

    [Fact]
    public async Task Directories_are_made_listed_and_removed()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        var folder = daemon.PathOf("d/e");

        await client.MakeDirectoryAsync(folder, makeParents: true, new FileOwnership { Permissions = (UnixFileMode)0x1C0 }, Cancel);
        await client.PushTextAsync(folder + "/one.txt", "1", makeDirs: false, null, Cancel);
        File.CreateSymbolicLink(folder + "/link", "one.txt");
        var all = await client.ListFilesAsync(folder, null, itself: false, Cancel);
        var texts = await client.ListFilesAsync(folder, "*.txt", itself: false, Cancel);
        await client.RemovePathAsync(daemon.PathOf("d"), recursive: true, Cancel);

        Assert.Equal([("link", FileKind.Symlink), ("one.txt", FileKind.File)], all.Select(f => (f.Name, f.Kind)));
        Assert.Equal(1, Assert.Single(texts).Size);
        Assert.False(await client.ExistsAsync(daemon.PathOf("d"), Cancel));
    }
}
