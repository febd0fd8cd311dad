using System.Collections.Frozen;
using System.Globalization;

namespace Forum.Configuration;

/// <summary>
/// What the operator set: DISCOURSE_* variables, or config/discourse.conf instead of them if that file exists.
/// A variable that is absent has its default; one that is present but empty has no value.
/// </summary>
/// <remarks>Source: the container contract, "How DISCOURSE_* is interpreted".</remarks>
sealed class GlobalSettings(IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, string> environment)
{
    const string Prefix = "DISCOURSE_";

    readonly FrozenDictionary<string, string> _values = values.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The other variables, such as UNICORN_PORT and HTTP_PROXY, by their own names.</summary>
    public IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>The folder that holds log/, public/, tmp/ and config/.</summary>
    public string AppRoot => Environment.GetValueOrDefault("CONTAINER_APP_ROOT") is { Length: > 0 } root
        ? Path.Combine(root, "app")
        : Directory.GetCurrentDirectory();

    public string Hostname => Text("hostname", "www.example.com") ?? "www.example.com";

    /// <summary>Empty, or a path such as /forum.</summary>
    public string RelativeUrlRoot => Text("relative_url_root", "") ?? "";

    public IReadOnlyList<string> DeveloperEmails =>
    [
        .. (Text("developer_emails", "") ?? "").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    ];

    public string? SecretKeyBase => Text("secret_key_base", null);

    /// <summary>Reads the process's environment, or config/discourse.conf.</summary>
    public static GlobalSettings Read()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            environment[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return From(environment);
    }

    public static GlobalSettings From(IReadOnlyDictionary<string, string> environment)
    {
        var fromEnvironment = new GlobalSettings(
            environment.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[Prefix.Length..].ToLowerInvariant(), pair => pair.Value),
            environment);
        var file = Path.Combine(fromEnvironment.AppRoot, "config", "discourse.conf");
        return File.Exists(file) ? new GlobalSettings(ReadFile(file), environment) : fromEnvironment;
    }

    public string? Text(string name, string? absent) =>
        _values.TryGetValue(name, out var value) ? value.Length == 0 ? null : value : absent;

    public int Number(string name, int absent) =>
        int.TryParse(Text(name, null), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : absent;

    public bool Flag(string name, bool absent) => Text(name, null) switch
    {
        "true" => true,
        "false" => false,
        _ => absent,
    };

    static Dictionary<string, string> ReadFile(string path) => File.ReadLines(path)
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && line[0] != '#' && line.Contains('='))
        .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
        .GroupBy(pair => pair[0].ToLowerInvariant())
        .ToDictionary(group => group.Key, group => group.Last()[1].Trim('"', '\''));
}
