using Pebble.Formats;

namespace Pebble.Processes;

/// <summary>Programs by name.</summary>
static class Executables
{
    const int MayExecute = 1;

    /// <summary>A name without a slash is looked up in PATH; anything else is taken as it is.</summary>
    /// <exception cref="SpawnError">It is not in PATH.</exception>
    public static string Find(string name, IReadOnlyDictionary<string, string> environment)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return name;
        }

        foreach (var folder in environment.GetValueOrDefault("PATH", "").Split(':'))
        {
            var path = Path.Combine(folder.Length == 0 ? "." : folder, name);
            if (IsExecutable(path))
            {
                return path;
            }
        }

        throw new SpawnError($"exec: {GoQuote.Quote(name)}: executable file not found in $PATH");
    }

    public static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0
        && Libc.access(path, MayExecute) == 0;
}
