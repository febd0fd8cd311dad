namespace Ops.Testing;

static class ConfigChecks
{
    public static IEnumerable<string> Of(State state, CharmMetadata meta)
    {
        foreach (var (name, value) in state.Config)
        {
            if (!meta.Config.TryGetValue(name, out var option))
            {
                yield return $"the option \"{name}\" is not declared; {ConsistencyChecker.Declared(meta.Config.Keys)}";
                continue;
            }

            var fits = option.Type switch
            {
                "boolean" => value is bool,
                "int" => value is int or long,
                "float" => value is float or double or int or long,
                "secret" => value is string id && IsSecretId(id),
                _ => value is string,
            };
            if (!fits)
            {
                yield return $"the option \"{name}\" is declared as {option.Type}, and the state gives it {Describe(value)}";
            }
        }
    }

    /// <summary>The only form that config-get gives.</summary>
    static bool IsSecretId(string text) =>
        text.Length == "secret:".Length + 20 && text.StartsWith("secret:", StringComparison.Ordinal)
        && text["secret:".Length..].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    static string Describe(object value) => value switch
    {
        string text when text.StartsWith("secret:", StringComparison.Ordinal) => $"\"{text}\": an id is secret: and 20 lower-case letters or digits",
        string text => $"the string \"{text}\"",
        null => "null (leave the option out instead)",
        _ => $"the {value.GetType().Name} {value}",
    };
}
