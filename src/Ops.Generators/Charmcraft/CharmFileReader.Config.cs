using System.Globalization;
using Ops.Generators.Yaml;

namespace Ops.Generators.Charmcraft;

partial class CharmFileReader
{
    void ReadOptions(YamlMapping map)
    {
        if (map.Find("config") is not { } config || Mapping(config) is not { } sections)
        {
            return;
        }

        foreach (var entry in Entries(sections, "options"))
        {
            var option = new Option(entry.Key);
            if (Mapping(entry) is { } fields)
            {
                option.Type = Word(fields.Find("type"), "the type of an option", "string", "int", "float", "boolean", "secret") ?? "string";
                option.Description = fields.Find("description") is { } description ? Text(description) ?? "" : "";
                option.Default = fields.Find("default") is { Value: YamlScalar value } && !value.IsNull ? value : null;
                if (fields.Find("type") is null)
                {
                    Problems.Add(new Problem(Rules.Missing, entry.Key.Start, entry.Key.Length, "the option", entry.Key.Text, "type"));
                }

                CheckDefault("option", option.Name, option.Type, option.Default);
            }

            file.Options.Add(option);
        }
    }

    void ReadActions(YamlMapping map)
    {
        foreach (var entry in Entries(map, "actions"))
        {
            var action = new ActionDeclaration(entry.Key);
            CheckName("action", entry.Key);
            if (entry.Key.Text.StartsWith("juju-", System.StringComparison.Ordinal))
            {
                Problems.Add(new Problem(Rules.BadName, entry.Key.Start, entry.Key.Length, "action", entry.Key.Text, "\"juju-\" is Juju's"));
            }

            if (entry.Value is YamlMapping fields)
            {
                action.Description = fields.Find("description") is { } description ? Text(description) ?? "" : "";
                action.AdditionalProperties = Flag(fields.Find("additionalProperties")) ?? true;
                foreach (var parameter in Entries(fields, "params"))
                {
                    action.Parameters.Add(ReadParameter(parameter));
                }

                ReadRequired(action, fields.Find("required"));
            }

            file.Actions.Add(action);
        }
    }

    Parameter ReadParameter(YamlEntry entry)
    {
        var parameter = new Parameter(entry.Key);
        if (Mapping(entry) is { } fields)
        {
            parameter.Type = Word(fields.Find("type"), "the type of a parameter", "string", "boolean", "integer", "number", "array", "object", "null");
            parameter.Description = fields.Find("description") is { } description ? Text(description) ?? "" : "";
            parameter.Default = fields.Find("default")?.Value;
            parameter.Values.AddRange((fields.Find("enum")?.Value as YamlSequence)?.Items.OfType<YamlScalar>().Select(s => s.Text) ?? []);
            if (parameter.Default is YamlScalar value && !value.IsNull)
            {
                CheckDefault("parameter", parameter.Name, parameter.Type, value);
            }
        }

        return parameter;
    }

    void ReadRequired(ActionDeclaration action, YamlEntry? required)
    {
        if (required is null)
        {
            return;
        }

        if (required.Value is not YamlSequence list)
        {
            Problems.Add(new Problem(Rules.WrongShape, required.Value.Start, required.Value.Length, "required", "a list of parameters"));
            return;
        }

        foreach (var name in list.Items.OfType<YamlScalar>())
        {
            var parameter = action.Parameters.FirstOrDefault(p => p.Name == name.Text);
            if (parameter is null)
            {
                Problems.Add(new Problem(Rules.NotDeclared, name.Start, name.Length, "the action", action.Name, "the required parameter", name.Text));
            }
            else
            {
                parameter.Required = true;
            }
        }
    }

    /// <summary>Juju refuses a charm whose defaults have another type than their option; so does this.</summary>
    void CheckDefault(string kind, string name, string? type, YamlScalar? value)
    {
        if (value is null)
        {
            return;
        }

        var wanted = type switch
        {
            "int" or "integer" when !(value.Plain && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) => "a whole number",
            "float" or "number" when !(value.Plain && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) => "a number",
            "boolean" when !(value.Plain && YamlWords.Boolean(value.Text) is not null) => "true or false",
            "string" when value.Plain && (YamlWords.Boolean(value.Text) is not null || double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) =>
                "text (quote it)",
            "secret" => "allowed: a secret option has none",
            _ => null,
        };
        if (wanted is not null)
        {
            Problems.Add(new Problem(Rules.WrongDefault, value.Start, value.Length, kind, name, wanted, value.Text));
        }
    }
}
