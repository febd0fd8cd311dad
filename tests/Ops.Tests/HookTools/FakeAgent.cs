using System.Runtime.CompilerServices;
using Ops.HookTools;

namespace Ops.Tests.HookTools;

/// <summary>
/// Hook tools as small scripts in a folder of their own, first on PATH as Juju does it. Each notes how it was called and answers what a test
/// prepared, with the exit codes and standard error that Juju documents.
/// </summary>
sealed class FakeAgent : IEnvironment, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("fake-agent-").FullName;
    readonly Dictionary<string, string> variables;

    public FakeAgent(params (string Name, string Value)[] more)
    {
        Directory.CreateDirectory(Bin);
        variables = new()
        {
            ["PATH"] = $"{Bin}:/usr/bin:/bin",
            ["JUJU_UNIT_NAME"] = "web/0",
            ["JUJU_MODEL_NAME"] = "forum",
            ["JUJU_MODEL_UUID"] = "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f",
            ["JUJU_VERSION"] = "3.6.9",
            ["JUJU_CHARM_DIR"] = folder,
        };
        foreach (var (name, value) in more)
        {
            variables[name] = value;
        }

        foreach (var tool in new[] { "juju-log", "status-set", "relation-set", "state-set", "state-delete", "action-set", "action-fail", "action-log", "application-version-set" })
        {
            Answer(tool, "");
        }

        Answer("state-get", "{}");
    }

    public string Bin => Path.Combine(folder, "bin");

    public string Folder => folder;

    /// <summary>How tools were called, in order: the tool and its arguments between bars.</summary>
    public IReadOnlyList<string> Calls => File.Exists(CallsFile) ? File.ReadAllLines(CallsFile) : [];

    string CallsFile => Path.Combine(folder, "calls");

    /// <summary>The tool succeeds and writes this.</summary>
    public FakeAgent Answer(string tool, string output)
    {
        var file = Path.Combine(folder, $"{tool}.out");
        File.WriteAllText(file, output);
        return Script(tool, $"cat '{file}'");
    }

    /// <summary>The tool refuses: nothing on standard output, one line on standard error.</summary>
    public FakeAgent Refuse(string tool, int exitCode, string error) => Script(tool, $"echo '{error}' >&2; exit {exitCode}");

    /// <summary>The tool does what a line of shell says.</summary>
    public FakeAgent Script(string tool, string body)
    {
        File.WriteAllText(Path.Combine(folder, $"{tool}.sh"), body);
        var link = Path.Combine(Bin, tool);
        if (!File.Exists(link))
        {
            File.CreateSymbolicLink(link, RunnerPath());
        }

        return this;
    }

    /// <summary>What a tool was given on standard input.</summary>
    public string InputOf(string tool) => File.ReadAllText(Path.Combine(folder, $"{tool}.in"));

    public ProcessHookTools Tools() => new(new ToolRunner(this));

    /// <summary>How often a tool was called.</summary>
    public int CountOf(string tool) => Calls.Count(c => c.Split('|')[0].TrimEnd() == tool);

    public void Set(string variable, string value) => variables[variable] = value;

    public string? Find(string name) => variables.GetValueOrDefault(name);

    public IEnumerable<KeyValuePair<string, string>> All() => variables;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static string RunnerPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "tool.sh");
}
