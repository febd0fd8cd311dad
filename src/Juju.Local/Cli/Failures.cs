namespace Juju.Local.Cli;

/// <summary>The command line is wrong: exit code 2.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>The command failed: exit code 1. Where it is null, everything has been said already.</summary>
sealed class CommandException(string? message, int exitCode = 1) : Exception(message)
{
    public string? Text { get; } = message;

    public int ExitCode { get; } = exitCode;
}
