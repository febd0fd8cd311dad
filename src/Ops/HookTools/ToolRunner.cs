namespace Ops.HookTools;

/// <summary>What a hook tool said.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Standard output as bytes.</param>
/// <param name="Error">Standard error, trimmed.</param>
readonly record struct ToolResult(int ExitCode, ReadOnlyMemory<byte> Output, string Error);

/// <summary>Runs hook tools: finds them on PATH and starts them with the environment of the dispatch.</summary>
sealed class ToolRunner(IEnvironment environment)
{
    string? lastFolder;
    byte[][]? variables;

    /// <summary>Runs a tool to its end.</summary>
    public ToolResult Run(string tool, string[] arguments, ReadOnlyMemory<byte> input = default) =>
        Start(tool, arguments, input).Wait();

    /// <summary>Starts a tool, so that something else can be done meanwhile.</summary>
    public ToolProcess Start(string tool, string[] arguments, ReadOnlyMemory<byte> input = default)
    {
        return ToolProcess.Start(tool, Find(tool), arguments, variables ??= Variables(), input);
    }

    byte[][] Variables()
    {
        // A loop and not LINQ: over pairs that is compiled when the charm starts, not ahead.
        List<byte[]> texts = [];
        foreach (var (name, value) in environment.All())
        {
            texts.Add(ToolProcess.Bytes($"{name}={value}"));
        }

        return [.. texts];
    }

    string Find(string tool)
    {
        // Juju puts all its tools into one folder, first on PATH.
        if (lastFolder is not null && Path.Combine(lastFolder, tool) is var near && File.Exists(near))
        {
            return near;
        }

        foreach (var folder in (environment.Find("PATH") ?? "").Split(':'))
        {
            var path = Path.Combine(folder, tool);
            if (folder.Length > 0 && File.Exists(path))
            {
                lastFolder = folder;
                return path;
            }
        }

        throw new HookToolException(tool, 127, "it is not on PATH; a charm's dispatch is started by a Juju unit agent");
    }
}
