using System.Globalization;
using System.Text.Json;

namespace Ops.HookTools;

partial class ProcessHookTools
{
    public string SecretAdd(IReadOnlyDictionary<string, string> content, SecretOptions options, bool app)
    {
        using var files = new SecretFiles(content);
        var output = RunOnSecret("secret-add", [.. Flags(options), "--owner", app ? "application" : "unit", .. files.Arguments]);
        return System.Text.Encoding.UTF8.GetString(output.Span).Trim();
    }

    public void SecretSet(string id, IReadOnlyDictionary<string, string>? content, SecretOptions options)
    {
        using var files = new SecretFiles(content ?? new Dictionary<string, string>());
        RunOnSecret("secret-set", [.. Flags(options), id, .. files.Arguments]);
    }

    public IReadOnlyDictionary<string, string> SecretGet(string? id, string? label, SecretGetMode mode)
    {
        List<string> arguments = [Json];
        AddName(arguments, id, label);
        if (mode != SecretGetMode.Tracked)
        {
            arguments.Add(mode == SecretGetMode.Refresh ? "--refresh" : "--peek");
        }

        return Parse("secret-get", RunOnSecret("secret-get", [.. arguments]), ToolJson.Texts);
    }

    public SecretInfo SecretInfoGet(string? id, string? label)
    {
        List<string> arguments = [Json];
        AddName(arguments, id, label);
        using var document = JsonDocument.Parse(RunOnSecret("secret-info-get", [.. arguments]));
        var entry = document.RootElement.EnumerateObject().First();
        var info = entry.Value;
        return new SecretInfo(
            entry.Name,
            info.GetProperty("revision").GetInt32(),
            Find(info, "label"),
            Find(info, "description"),
            Time(info, "expiry"),
            Enum.TryParse<SecretRotate>(Find(info, "rotation"), ignoreCase: true, out var rotation) ? rotation : SecretRotate.Never,
            Time(info, "rotates"));
    }

    public IReadOnlyList<string> SecretIds() => Read("secret-ids", [Json], ToolJson.List);

    public void SecretGrant(string id, int relation, string? unit) =>
        RunOnSecret("secret-grant", ["--relation", Number(relation), .. unit is null ? Array.Empty<string>() : ["--unit", unit], id]);

    public void SecretRevoke(string id, int relation, string? unit) =>
        RunOnSecret("secret-revoke", ["--relation", Number(relation), .. unit is null ? Array.Empty<string>() : ["--unit", unit], id]);

    public void SecretRemove(string id, int? revision) =>
        RunOnSecret("secret-remove", revision is { } number ? [id, "--revision", Number(number)] : [id]);

    /// <summary>Tells "no such secret" from other refusals by the words that ops looks for, too.</summary>
    ReadOnlyMemory<byte> RunOnSecret(string tool, string[] arguments)
    {
        var result = runner.Run(tool, arguments);
        return result.ExitCode == 0 ? result.Output
            : result.Error.Contains("not found", StringComparison.Ordinal) ? throw new SecretNotFoundException($"cannot run {tool}: {result.Error}")
            : throw Refusal(tool, result);
    }

    static void AddName(List<string> arguments, string? id, string? label)
    {
        if (id is not null)
        {
            arguments.Add(id);
        }

        if (label is not null)
        {
            arguments.Add("--label");
            arguments.Add(label);
        }
    }

    static IEnumerable<string> Flags(SecretOptions options)
    {
        if (options.Label is { } label)
        {
            yield return "--label";
            yield return label;
        }

        if (options.Description is { } description)
        {
            yield return "--description";
            yield return description;
        }

        if (options.Expire is { } expire)
        {
            yield return "--expire";
            yield return expire.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        }

        if (options.Rotate is { } rotate)
        {
            yield return "--rotate";
            yield return rotate.ToString().ToLowerInvariant();
        }
    }

    static DateTimeOffset? Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(Find(element, name), CultureInfo.InvariantCulture, out var time) ? time : null;
}
