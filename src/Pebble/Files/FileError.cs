using Pebble.Processes;

namespace Pebble.Files;

/// <summary>A file operation failed for one path, in Go's words: operation, path and the system's error.</summary>
sealed class FileError(string message, string kind, int status) : Exception(message)
{
    /// <summary>The documented kind: not-found, permission-denied or generic-file-error.</summary>
    public string Kind => kind;

    /// <summary>The HTTP status where the whole request is about this path.</summary>
    public int Status => status;

    /// <summary>A system call failed: "open /x: permission denied".</summary>
    public static FileError Of(string operation, string path, int error)
    {
        var message = $"{operation} {path}: {Libc.ErrorText(error)}";
        return error switch
        {
            Libc.NoSuchFile => new FileError(message, "not-found", 404),
            Libc.AccessDenied or Libc.NotPermitted => new FileError(message, "permission-denied", 403),
            _ => Generic(message),
        };
    }

    public static FileError Generic(string message) => new(message, "generic-file-error", 400);

    public static FileError NotAbsolute(string path) => Generic($"paths must be absolute, got {Formats.GoQuote.Quote(path)}");

    /// <summary>The same with words before it.</summary>
    public FileError Within(string context) => new($"{context}: {Message}", Kind, Status);
}
