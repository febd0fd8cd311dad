using System.Diagnostics;
using Ops.Relations.GrafanaDashboard;

namespace Ops.Relations.Tests.GrafanaDashboard;

public sealed class XzContainerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public async Task Xz_reads_it(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);

        Assert.Equal(content, await Unpack(XzContainer.Of(content)));
    }

    internal static async Task<byte[]> Unpack(byte[] file)
    {
        var start = new ProcessStartInfo("xz", ["--decompress", "--stdout"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var xz = Process.Start(start)!;
        var output = new MemoryStream();
        var reading = xz.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await xz.StandardInput.BaseStream.WriteAsync(file, TestContext.Current.CancellationToken);
        xz.StandardInput.Close();
        await reading;
        await xz.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, xz.ExitCode);
        return output.ToArray();
    }
}
