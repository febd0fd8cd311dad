using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pebble.Cli;

/// <summary>What the CLI remembers between commands for one daemon: what was listed last, and what of it was acknowledged.</summary>
sealed record CliState
{
    public DateTimeOffset? NoticesLastListed { get; init; }

    public DateTimeOffset? NoticesLastOkayed { get; init; }

    public DateTimeOffset? WarningsLastListed { get; init; }

    public DateTimeOffset? WarningsLastOkayed { get; init; }

    static string FilePath => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "", ".config"),
        "pebble", "cli.json");

    public static CliState Load(string socketPath)
    {
        var state = LoadAll().Pebble.GetValueOrDefault(socketPath) ?? new CliState();
        // Go writes the year 1 for "never".
        return state with
        {
            NoticesLastListed = Known(state.NoticesLastListed),
            NoticesLastOkayed = Known(state.NoticesLastOkayed),
            WarningsLastListed = Known(state.WarningsLastListed),
            WarningsLastOkayed = Known(state.WarningsLastOkayed),
        };
    }

    public void Save(string socketPath)
    {
        try
        {
            var all = LoadAll();
            all.Pebble[socketPath] = this;
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!, (UnixFileMode)0x1C0);
            File.WriteAllBytes(FilePath, JsonSerializer.SerializeToUtf8Bytes(all, CliStateJson.Default.CliStates));
            File.SetUnixFileMode(FilePath, (UnixFileMode)0x180);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot save CLI state: {e.Message}");
        }
    }

    static CliStates LoadAll()
    {
        try
        {
            return File.Exists(FilePath)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), CliStateJson.Default.CliStates) ?? new CliStates([])
                : new CliStates([]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException($"cannot load CLI state: {e.Message}");
        }
    }

    static DateTimeOffset? Known(DateTimeOffset? time) => time is { Year: > 1 } ? time : null;
}

/// <summary>By socket path.</summary>
sealed record CliStates(Dictionary<string, CliState> Pebble);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CliStates))]
sealed partial class CliStateJson : JsonSerializerContext;
