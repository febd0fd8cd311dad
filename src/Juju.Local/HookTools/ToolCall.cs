namespace Juju.Local.HookTools;

/// <summary>One call of a hook tool, as its small program handed it over.</summary>
/// <param name="ReadFile">Reads a file where the caller is (<c>-</c> is its standard input); throws <see cref="ToolException"/>.</param>
/// <param name="WriteFile">Writes a file there, for <c>--output</c>.</param>
sealed record ToolCall(
    string Name,
    IReadOnlyList<string> Arguments,
    Func<string, CancellationToken, Task<byte[]>> ReadFile,
    Func<string, byte[], CancellationToken, Task> WriteFile);

/// <summary>What the tool's program prints and exits with.</summary>
sealed record ToolResult(string Output, string Error = "", int ExitCode = 0)
{
    public static ToolResult Silent { get; } = new("");
}

/// <summary>A refused call: one line <c>ERROR text</c> on standard error.</summary>
/// <param name="exitCode">2 for wrong flags or arguments, 1 for anything else.</param>
sealed class ToolException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static ToolException Usage(string message) => new(message, 2);
}
