namespace Pebble.Client;

/// <summary>The daemon refused a request.</summary>
/// <param name="code">The HTTP status code, such as 404.</param>
/// <param name="status">The HTTP status text, such as "Not Found".</param>
/// <param name="message">The daemon's words.</param>
/// <param name="kind">The documented kind, such as "not-found" or "login-required"; null if the daemon named none.</param>
public sealed class PebbleApiException(int code, string status, string message, string? kind) : PebbleException(message)
{
    /// <summary>The HTTP status code, such as 404.</summary>
    public int Code { get; } = code;

    /// <summary>The HTTP status text, such as "Not Found".</summary>
    public string Status { get; } = status;

    /// <summary>One of <see cref="ErrorKind"/>; null if the daemon named none.</summary>
    public string? Kind { get; } = kind;
}

/// <summary>The kinds of error that the API documents.</summary>
/// <remarks>Source: Pebble's API reference, "Errors".</remarks>
public static class ErrorKind
{
    /// <summary>The caller's identity may not do this (401).</summary>
    public const string LoginRequired = "login-required";

    /// <summary>Autostart or replan found no service with <c>startup: enabled</c>.</summary>
    public const string NoDefaultServices = "no-default-services";

    /// <summary>The file, service, change or notice does not exist.</summary>
    public const string NotFound = "not-found";

    /// <summary>The daemon's own user may not touch this file.</summary>
    public const string PermissionDenied = "permission-denied";

    /// <summary>Any other trouble with a file.</summary>
    public const string GenericFileError = "generic-file-error";

    /// <summary>The daemon is about to restart.</summary>
    public const string DaemonRestart = "daemon-restart";

    /// <summary>The system is about to restart.</summary>
    public const string SystemRestart = "system-restart";
}

/// <summary>A file operation failed for one path.</summary>
/// <param name="path">The path.</param>
/// <param name="kind">One of <see cref="ErrorKind"/>: not-found, permission-denied or generic-file-error.</param>
/// <param name="message">The daemon's words.</param>
public sealed class PebblePathException(string path, string kind, string message) : PebbleException($"{kind} - {message}")
{
    /// <summary>The path the operation was for.</summary>
    public string Path { get; } = path;

    /// <summary>One of <see cref="ErrorKind"/>.</summary>
    public string Kind { get; } = kind;

    /// <summary>The daemon's words, without the kind.</summary>
    public string Detail { get; } = message;
}
