using System.Diagnostics;
using Ops.Tests.HookTools;

namespace Ops.Tests.Charm;

/// <summary>The tutorial's charm as Juju starts it: a process with an environment.</summary>
public sealed class HelloProcessTests
{
    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "../../HelloCharm/release/dispatch");

    [Fact]
    public async Task A_hook_runs_and_ends_with_0()
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", "hooks/config-changed"));
        agent.Answer("config-get", """{"greeting":"Hi","port":70000}""");

        var (code, _, _) = await RunAsync(agent);

        Assert.Equal(0, code);
        Assert.Contains("status-set|--application=False|blocked|--|port must be 1 to 65535, not 70000 ", agent.Calls);
    }

    [Fact]
    public async Task An_action_that_throws_ends_with_1_and_a_line_for_the_person_who_ran_it()
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", "actions/greet"), ("JUJU_ACTION_NAME", "greet"));
        agent.Answer("config-get", "{}").Answer("action-get", "{}");

        var (code, output, error) = await RunAsync(agent);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal("Uncaught ModelException in action \"greet\"; see \"juju debug-log\" for details\n", error);
    }

    [Fact]
    public async Task Outside_of_Juju_it_says_what_it_is()
    {
        using var agent = new FakeAgent();

        var (code, _, error) = await RunAsync(agent, withVariables: false);

        Assert.Equal(1, code);
        Assert.Contains("JUJU_UNIT_NAME is not set; a charm's dispatch is started by a Juju unit agent", error);
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(FakeAgent agent, bool withVariables = true)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        var keep = start.Environment.Where(v => v.Key.StartsWith("DOTNET", StringComparison.Ordinal)).ToDictionary();
        start.Environment.Clear();
        foreach (var (name, value) in keep.Concat(withVariables ? agent.All().Select(v => new KeyValuePair<string, string?>(v.Key, v.Value)) : []))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
