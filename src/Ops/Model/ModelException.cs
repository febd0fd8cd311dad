namespace Ops;

/// <summary>What the charm asked of the model failed: a hook tool refused, or Juju's rules do.</summary>
/// <param name="message">What could not be done, and why.</param>
/// <remarks>Source: ops.ModelError.</remarks>
public class ModelException(string message) : Exception(message);

/// <summary>A hook tool ended with an error.</summary>
/// <param name="tool">The tool: <c>relation-get</c>.</param>
/// <param name="exitCode">1, or 2 for arguments that the tool does not take.</param>
/// <param name="error">The tool's standard error, trimmed.</param>
public sealed class HookToolException(string tool, int exitCode, string error)
    : ModelException($"cannot run {tool}: {(error.Length > 0 ? error : $"exit code {exitCode}")}")
{
    /// <summary>The tool: <c>relation-get</c>.</summary>
    public string Tool { get; } = tool;

    /// <summary>1, or 2 for arguments that the tool does not take.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What the tool said on standard error, trimmed.</summary>
    public string Error { get; } = error;
}

/// <summary>The relation is gone, or never was visible to this unit.</summary>
/// <param name="message">Which relation.</param>
/// <remarks>Source: ops.RelationNotFoundError.</remarks>
public sealed class RelationNotFoundException(string message) : ModelException(message);

/// <summary>There is more than one relation where the charm asks for the only one.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="count">How many relations it has.</param>
/// <remarks>Source: ops.TooManyRelatedAppsError.</remarks>
public sealed class TooManyRelatedAppsException(string endpoint, int count)
    : ModelException($"cannot choose a relation of \"{endpoint}\": it has {count}; use Model.Relations[\"{endpoint}\"] or name the id");

/// <summary>Juju does not let this unit read or write that databag.</summary>
/// <param name="message">Which databag, and which rule.</param>
/// <remarks>Source: ops.RelationDataAccessError.</remarks>
public sealed class RelationDataAccessException(string message) : ModelException(message);

/// <summary>There is no such secret, or none that this unit may see.</summary>
/// <param name="message">Which secret.</param>
/// <remarks>Source: ops.SecretNotFoundError.</remarks>
public sealed class SecretNotFoundException(string message) : ModelException(message);

/// <summary>The status is one that a charm cannot set.</summary>
/// <param name="message">Which status.</param>
/// <remarks>Source: ops.InvalidStatusError.</remarks>
public sealed class InvalidStatusException(string message) : ModelException(message);
