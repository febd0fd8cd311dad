using System.Globalization;
using System.Net.Sockets;
using Xunit;

namespace Servers;

/// <summary>
/// A real S3 service (s3rver, from npm) on a free loopback port, which checks the signature of every request. It is installed once per
/// machine, into the user's cache folder; without npm or without a registry its tests are skipped, and say so.
/// </summary>
public sealed class S3Server
{
    const string Version = "3.7.1";
    static readonly Lazy<Task<S3Server>> Shared = new(() => StartAsync(CancellationToken.None));
    static int _buckets;

    readonly string _folder;

    S3Server(string folder, int port)
    {
        _folder = folder;
        Port = port;
    }

    public int Port { get; }

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>The one server of this test program.</summary>
    public static Task<S3Server> GetAsync() => Shared.Value;

    public static string AccessKey => "S3RVER";

    public static string SecretKey => "S3RVER";

    /// <summary>A new, empty bucket.</summary>
    public string CreateBucket()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bucket-{Interlocked.Increment(ref _buckets)}");
        Directory.CreateDirectory(Path.Combine(_folder, name));
        return name;
    }

    static async Task<S3Server> StartAsync(CancellationToken cancellation)
    {
        var program = Install();
        var folder = Programs.NewFolder("s3");
        var port = Programs.FreePort();
        var process = OwnedProcess.Start(folder, "KILL",
            [Programs.Find("node", "nodejs"), program, "--directory", folder, "--address", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--silent"]);
        await Programs.UntilAsync(() => AnswersAsync(port, cancellation), process, cancellation);
        return new S3Server(folder, port);
    }

    static string Install()
    {
        var cache = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "charmed-discourse", "s3rver-" + Version);
        var program = Path.Combine(cache, "node_modules", "s3rver", "bin", "s3rver.js");
        if (File.Exists(program))
        {
            return program;
        }

        Directory.CreateDirectory(cache);
        try
        {
            OwnedProcess.Run([Programs.Find("npm", "npm"), "install", "--prefix", cache, "--no-fund", "--no-audit", "--ignore-scripts", "--no-save", "s3rver@" + Version]);
        }
        catch (InvalidOperationException e) when (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.Skip($"the S3 service s3rver could not be installed with npm: {e.Message}");
        }

        return program;
    }

    static async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
