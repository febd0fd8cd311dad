namespace Ops.HookTools;

/// <summary>
/// The values of a secret in files that only this user can read, for as long as the tool runs: on the tool's command line every process of the
/// machine could read them.
/// </summary>
sealed class SecretFiles : IDisposable
{
    readonly string? folder;

    public SecretFiles(IReadOnlyDictionary<string, string> content)
    {
        if (content.Count == 0)
        {
            return;
        }

        folder = Directory.CreateTempSubdirectory("secret-").FullName;
        foreach (var (key, value) in content)
        {
            var path = Path.Combine(folder, key);
            File.WriteAllText(path, value);
            Arguments.Add($"{key}#file={path}");
        }
    }

    /// <summary>The tool's arguments: <c>password#file=/tmp/…/password</c>.</summary>
    public List<string> Arguments { get; } = [];

    public void Dispose()
    {
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
