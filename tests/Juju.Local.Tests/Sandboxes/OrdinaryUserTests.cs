using System.Diagnostics;
using Juju.Local.Tests.Cli;

namespace Juju.Local.Tests.Sandboxes;

/// <summary>The program as a user who is not root, with users of its own in its containers.</summary>
public sealed class OrdinaryUserTests
{
    // A user that this machine does not have: files of a mount namespace say that it does.
    const string BecomeUser = """
        mount --make-rprivate /
        for file in passwd group subuid subgid; do cp /etc/$file "$1/$file" 2>/dev/null || :; done
        echo "stranger:x:47110:47110::$1/home:/bin/sh" >>"$1/passwd"
        echo "stranger:x:47110:" >>"$1/group"
        for file in subuid subgid; do echo "stranger:700000:65536" >>"$1/$file"; [ -e /etc/$file ] || touch /etc/$file; done
        for file in passwd group subuid subgid; do mount --bind "$1/$file" /etc/$file; done
        exec setpriv --reuid=47110 --regid=47110 --clear-groups env HOME="$1/home" JUJU_LOCAL_HOME="$1/home/controller" JUJU_LOCAL_PEBBLE="$3" sh -euc "$2" sh "$4" "$1/charm"
        """;

    const string Drive = """
        cd "$HOME"
        "$1" add-model mine
        "$1" deploy "$2" --resource image=host
        "$1" wait-for unit plain/0 --query 'agent-status=="idle" && workload-status=="active"' --timeout 60s
        "$1" exec --unit plain/0 -- 'PEBBLE_SOCKET=/charm/containers/web/pebble.socket pebble exec --user=www-data -- sh -c "id -un; touch /var/lib/x 2>&1 || echo refused"'
        "$1" kill-controller --no-prompt
        ls -A "$HOME"
        """;

    [Fact]
    public async Task Containers_have_users_and_nothing_is_left_of_them()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become another user");
        Assert.SkipUnless(File.Exists("/usr/bin/newuidmap"), "newuidmap is missing; run: sudo apt-get install uidmap");
        var folder = Directory.CreateTempSubdirectory("jl-user-").FullName;
        try
        {
            WriteCharm(Path.Combine(folder, "charm"));
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(folder, "home")).FullName, (UnixFileMode)0b111_111_111);
            var pebble = Path.Combine(Repository.Root, "out/bin/pebble");

            var (code, output) = await RunAsync("unshare", "--mount", "sh", "-euc", BecomeUser, "sh", folder, Drive, pebble, LocalController.Program);

            Assert.True(code == 0, output);
            Assert.Equal("www-data\ntouch: cannot touch '/var/lib/x': Permission denied\nrefused\n", output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void WriteCharm(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "metadata.yaml"), "name: plain\nsummary: A charm for tests\ncontainers: {web: {resource: image}}\nresources: {image: {type: oci-image}}\n");
        var dispatch = Path.Combine(folder, "dispatch");
        File.WriteAllText(dispatch, "#!/bin/sh\n[ \"$JUJU_DISPATCH_PATH\" != hooks/web-pebble-ready ] || status-set active\n");
        File.SetUnixFileMode(dispatch, (UnixFileMode)0b111_101_101);
    }

    static async Task<(int, string)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await errors);
    }
}
