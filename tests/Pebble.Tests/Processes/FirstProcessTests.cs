using System.Globalization;

namespace Pebble.Tests.Processes;

/// <summary>The daemon as PID 1 of a namespace of its own, as it is in a container.</summary>
public sealed class FirstProcessTests
{
    const string Layer = """
        services:
            stays: {override: replace, startup: enabled, command: sleep 1000}
            comes-back: {override: replace, startup: enabled, backoff-delay: 50ms, command: "sh -c 'sleep 1.1; exit 3'"}
            leaves: {override: replace, startup: enabled, on-failure: ignore, command: "sh -c 'sleep 1.2; exit 5'"}
        checks:
            good: {override: replace, period: 100ms, exec: {command: "true"}}
            bad: {override: replace, period: 100ms, threshold: 1, exec: {command: "false"}}
        """;

    [Fact]
    public async Task As_the_first_process_it_sees_its_childrens_ends_and_reaps_orphans()
    {
        Assert.SkipUnless(TestDaemon.Shell("unshare --pid --fork --mount-proc true").ExitCode == 0, "needs the right to make a pid namespace: run as root");
        await using var daemon = new TestDaemon();
        daemon.WriteLayer("001-base.yaml", Layer);
        daemon.LaunchUnder(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"], "run");
        await daemon.UntilAnswersAsync();

        await daemon.UntilStatusAsync("leaves", "error");
        await TestDaemon.UntilAsync(() => daemon.Output.Contains("Service \"comes-back\" stopped unexpectedly with code 3", StringComparison.Ordinal));
        await TestDaemon.UntilAsync(async () => (await daemon.GetAsync("/v1/checks?names=bad")).Result[0].GetProperty("status").GetString() == "down");
        Assert.Equal("up", (await daemon.GetAsync("/v1/checks?names=good")).Result[0].GetProperty("status").GetString());
        for (var code = 1; code <= 5; code++)
        {
            // The grandchild becomes an orphan, and ends as one.
            Assert.Equal(code, (await daemon.CliAsync("exec", "sh", "-c", $"(sleep 0.05 &) ; exit {code}")).ExitCode);
        }

        await TestDaemon.UntilAsync(() => !Zombies(daemon).Any());
        Assert.Equal("active", await daemon.StatusAsync("stays"));

        Assert.Equal(0, TestDaemon.Shell($"kill -TERM {First(daemon)}").ExitCode);
        Assert.Equal(0, await daemon.ExitCodeAsync());
    }

    /// <summary>Seen from outside, it is the child of unshare.</summary>
    static int First(TestDaemon daemon) => daemon.Children().Single();

    static IEnumerable<int> Zombies(TestDaemon daemon) =>
        File.ReadAllText($"/proc/{First(daemon)}/task/{First(daemon)}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            .Where(id => File.Exists($"/proc/{id}/stat") && TryRead($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal));

    static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
