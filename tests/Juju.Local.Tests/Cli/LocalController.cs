using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Juju.Local.Cli;

namespace Juju.Local.Tests.Cli;

/// <summary>
/// A real controller in a home of its own, and the command line against it: in this process, which is quick, or as a process
/// where standard streams matter.
/// </summary>
public sealed class LocalController : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Program { get; } = Path.Combine(Repository.Root, "artifacts/bin/Juju.Local/release/juju-local");

    /// <summary>Short: a socket's path has 107 bytes.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("jl-").FullName;

    public string Home => Path.Combine(Folder, "home");

    /// <summary>A charm that is a shell script.</summary>
    public string Charm => Path.Combine(Folder, "tester");

    public async ValueTask InitializeAsync()
    {
        TestCharm.Write(Charm);
        var started = await RunProcessAsync("", "controllers");
        Assert.True(started.Code == 0, started.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        var killed = await RunProcessAsync("", "kill-controller", "--no-prompt");
        Directory.Delete(Folder, recursive: true);
        Assert.True(killed.Code == 0, killed.ToString());
    }

    /// <summary>A command in this process.</summary>
    public async Task<Outcome> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var deadline = new CancellationTokenSource(Patience);
        var terminal = new Terminal
        {
            Out = output, Error = error, In = TextReader.Null, Home = new ControllerHome(Home), Zone = TimeZoneInfo.Utc, CharmFolders = Folder,
        };
        var code = await CommandProgram.RunAsync(words, terminal, deadline.Token);
        return new Outcome(code, output.ToString(), error.ToString());
    }

    /// <summary>A command that must succeed.</summary>
    public async Task<Outcome> DoAsync(params string[] words)
    {
        var outcome = await RunAsync(words);
        Assert.True(outcome.Code == 0, $"juju-local {string.Join(' ', words)}: {outcome}");
        return outcome;
    }

    public async Task<Outcome> RunProcessAsync(string input, params string[] words)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Folder,
        };
        start.Environment["JUJU_LOCAL_HOME"] = Home;
        start.Environment["TZ"] = "UTC";
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(deadline.Token);
        return new Outcome(process.ExitCode, await output, await error);
    }

    /// <summary>Until the query of <c>wait-for</c> holds. If it never does, the log tells why.</summary>
    public async Task WaitAsync(string model, string kind, string name, string query)
    {
        var outcome = await RunAsync("wait-for", "-m", model, kind, name, "--query", query, "--timeout", "40s");
        if (outcome.Code != 0)
        {
            var (status, log) = (await RunAsync("status", "-m", model), await RunAsync("debug-log", "-m", model, "--limit", "40", "--ms"));
            Assert.Fail($"waiting for {query}: {outcome}\n{status.Out}\n{log.Out}");
        }
    }
}

public sealed record Outcome(int Code, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;

    public override string ToString() => $"exit code {Code}\n{Out}\n{Error}";
}

[CollectionDefinition(nameof(LocalController))]
public sealed class LocalControllerCollection : ICollectionFixture<LocalController>;

static class TestCharm
{
    public static void Write(string folder, string greeting = "hello")
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "metadata.yaml"), """
            name: tester
            summary: A charm for tests
            provides: {web: {interface: http}}
            requires: {backend: {interface: http, limit: 1}}
            peers: {mates: {interface: mates}}
            storage: {data: {type: filesystem, minimum-size: 10M}}
            resources: {blob: {type: file, filename: blob.txt}}
            """);
        File.WriteAllText(Path.Combine(folder, "config.yaml"), $$"""
            options:
              greeting: {type: string, default: {{greeting}}, description: What to say}
              port: {type: int, default: 80}
              loud: {type: boolean, default: false}
              ratio: {type: float}
              key: {type: secret}
            """);
        File.WriteAllText(Path.Combine(folder, "actions.yaml"), """
            greet:
              description: Greets
              params: {name: {type: string, description: Whom}, count: {type: integer, default: 1}}
              required: [name]
              additionalProperties: false
            refuse: {description: Refuses}
            crash: {description: Crashes}
            slow: {description: Takes long}
            """);
        var dispatch = Path.Combine(folder, "dispatch");
        File.WriteAllText(dispatch, """
            #!/bin/bash
            case $JUJU_DISPATCH_PATH in
              hooks/install) open-port 80/tcp ;;
              hooks/start | hooks/config-changed)
                [ "$(config-get greeting)" != broken ] || exit 1
                application-version-set 1.2
                status-set active "$(config-get greeting)" ;;
              hooks/*-relation-joined) relation-set "hello=from $JUJU_UNIT_NAME" ;;
              actions/greet)
                action-log "about to greet"
                action-set "greeting.text=hello $(action-get name)" "count=$(action-get count)"
                echo said ;;
              actions/refuse) action-fail "not today" ;;
              actions/crash) echo oops >&2; exit 3 ;;
              actions/slow) sleep 20 ;;
            esac
            """);
        File.SetUnixFileMode(dispatch, (UnixFileMode)0b111_101_101);
    }
}
