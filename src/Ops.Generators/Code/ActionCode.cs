using System.Globalization;
using Ops.Generators.Charmcraft;
using Ops.Generators.Yaml;

namespace Ops.Generators.Code;

/// <summary>Writes the event class of an action: a property for each parameter, null only where one may be left out.</summary>
static class ActionCode
{
    static readonly string[] Inherited =
    [
        "Id", "ActionName", "Params", "SetResult", "SetResults", "Fail", "Log", "Defer", "FindString", "FindBoolean", "FindInteger", "FindNumber", "FindJson", "Equals",
        "GetHashCode", "GetType", "ToString",
    ];

    public static void Write(CodeWriter code, ActionDeclaration action, string access)
    {
        code.Summary($"A run of the action \"{action.Name}\".");
        code.Open($"{access} sealed class {action.EventClass}(global::Ops.ActionRun run) : global::Ops.ActionEvent(run)");
        foreach (var parameter in action.Parameters)
        {
            var name = CodeWriter.Literal(parameter.Name);
            var (type, read) = parameter.Type switch
            {
                "string" => ("string", "FindString"),
                "boolean" => ("bool", "FindBoolean"),
                "integer" => ("long", "FindInteger"),
                "number" => ("double", "FindNumber"),
                _ => ("global::System.Text.Json.JsonElement", "FindJson"),
            };
            var hides = Inherited.Contains(parameter.Member) ? "new " : "";
            var always = parameter.Required || parameter.Default is { } and not YamlScalar { IsNull: true };
            code.Summary(parameter.Description.Length > 0 ? parameter.Description : $"The parameter \"{parameter.Name}\".");
            code.Line(always
                ? $"public {hides}{type} {parameter.Member} => {read}({name}) ?? {DefaultOf(parameter) ?? $"throw MissingParameter({name})"};"
                : $"public {hides}{type}? {parameter.Member} => {read}({name});");
            code.Line();
        }

        code.Close();
        code.Line();
    }

    /// <summary>The default as a literal. Juju gives it with the others; this is for whoever runs the charm without it. Null for none, and for lists and maps.</summary>
    static string? DefaultOf(Parameter parameter) => (parameter.Type, parameter.Default) switch
    {
        ("string", YamlScalar { IsNull: false } text) => CodeWriter.Literal(text.Text),
        ("boolean", YamlScalar word) when YamlWords.Boolean(word.Text) is { } flag => flag ? "true" : "false",
        ("integer", YamlScalar number) when long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
            whole.ToString(CultureInfo.InvariantCulture) + "L",
        ("number", YamlScalar number) when double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) =>
            value.ToString("R", CultureInfo.InvariantCulture) + "d",
        _ => null,
    };
}
