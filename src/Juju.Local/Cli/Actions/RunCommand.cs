using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Units;
using Juju.Local.Yaml;

namespace Juju.Local.Cli.Actions;

static class RunCommand
{
    public static Command Command => new("run", "<unit> [<unit> ...] <action-name> [<key>=<value> [<key>[.<key> ...]=<value>]]", "Run an action on a specified unit.", RunAsync)
    {
        Aliases = ["run-action"],
        Flags =
        [
            Flag.Value("params", "file", "Path to yaml-formatted params file"),
            Flag.Switch("string-args", "Use raw string values of CLI args"),
            .. TaskFlags.All(TaskFlags.RunWait),
        ],
        Details = """
            A unit is app/0, or app/leader. Values are read as YAML unless --string-args is given; a.b=v gives a nested map.
            Arguments win over the file of --params.
            """,
        Examples =
        [
            "run discourse-k8s/0 create-user email=me@example.com admin=true", "run postgresql-k8s/leader get-password username=operator --format json",
            "run discourse-k8s/0 create-user --params user.yaml --wait 2m",
        ],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var words = invocation.Arguments;
        var units = words.TakeWhile(UnitName.IsTarget).ToList();
        if (units.Count == 0)
        {
            throw words.Count > 0 && words[0].Contains('/')
                ? new UsageException($"invalid unit name \"{words[0]}\"")
                : new UsageException("no unit specified");
        }

        if (units.Count == words.Count)
        {
            throw new UsageException("no action specified");
        }

        var action = words[units.Count];
        if (!IsActionName(action))
        {
            throw new UsageException($"invalid unit or action name \"{action}\"");
        }

        var parameters = ActionArguments.Read(
            invocation.Line.Text("params"), words.Skip(units.Count + 1), invocation.Line.Has("string-args"));
        var (controller, model) = await invocation.OpenAsync(cancellation);
        OperationDetails operation;
        try
        {
            operation = await controller.RunAsync(new(model, units, action, parameters), cancellation);
        }
        catch (ControllerException unknown) when (unknown.Code == ErrorCode.NotFound && !unknown.Message.EndsWith("(not found)", StringComparison.Ordinal))
        {
            // The mark by which jubilant tells an unknown action or unit from other failures.
            throw new CommandException($"{unknown.Message} (not found)");
        }

        return await new TaskOutcome(invocation, controller, model).FollowAsync(operation, TaskFlags.RunWait, cancellation);
    }

    static bool IsActionName(string name) => name.Length > 0 && char.IsAsciiLetterLower(name[0])
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}

/// <summary>An action's parameters from a file and from words of the command line.</summary>
static class ActionArguments
{
    public static JsonObject Read(string? file, IEnumerable<string> words, bool asText)
    {
        var parameters = file is null ? [] : ReadFile(file);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UsageException($"argument \"{word}\" must be of the form key.key.key...=value");
            }

            var value = word[(equals + 1)..];
            Put(parameters, word[..equals].Split('.'), asText ? JsonValue.Create(value) : YamlText.ParseValue(value), word);
        }

        return parameters;
    }

    static JsonObject ReadFile(string path)
    {
        try
        {
            return YamlText.Parse(InputFile.Read(path)) switch
            {
                null => [],
                JsonObject map => map,
                _ => throw new CommandException("params must be a map, got something else in " + path),
            };
        }
        catch (FormatException broken)
        {
            throw new CommandException($"cannot read \"{path}\": {broken.Message}");
        }
    }

    static void Put(JsonObject map, string[] keys, JsonNode? value, string word)
    {
        foreach (var key in keys[..^1])
        {
            if (map[key] is not JsonObject inner)
            {
                map[key] = inner = [];
            }

            map = inner;
        }

        if (keys.Any(key => key.Length == 0))
        {
            throw new UsageException($"argument \"{word}\" must be of the form key.key.key...=value");
        }

        map[keys[^1]] = value;
    }
}
