namespace Juju.Local;

/// <summary>Why a file could not be used, in words: a trimmed program has none of the framework's own messages.</summary>
static class FileProblem
{
    public static string Text(Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        PathTooLongException => "the path is too long",
        ArgumentException => "it is not a path",
        IOException { HResult: 28 } => "no space left on the disk",
        IOException { HResult: 17 } => "it exists already",
        IOException { HResult: 32 } => "the other side has gone",
        _ => $"{problem.GetType().Name} (code {problem.HResult})",
    };
}
