using System.Globalization;
using Ops.Generators.Charmcraft;

namespace Ops.Generators.Code;

/// <summary>Writes the content of charmcraft.yaml as an object, so that no YAML is read when the charm starts.</summary>
static class MetadataCode
{
    public static void Write(CodeWriter code, CharmClass charm, CharmFile file)
    {
        code.Open($"file static class {charm.Name}Metadata");
        code.Line("public static global::Ops.CharmMetadata Create() => new()");
        code.Open("");
        code.Line($"Name = {CodeWriter.Literal(file.Name)},");
        code.Line($"Summary = {CodeWriter.Literal(file.Summary)},");
        code.Line($"Description = {CodeWriter.Literal(file.Description)},");
        code.Line($"Subordinate = {Word(file.Subordinate)},");
        Map("Relations", "RelationMetadata", file.Relations, r =>
            $"new(global::Ops.RelationRole.{r.Role}, {CodeWriter.Literal(r.Interface)}, {Number(r.Limit)}, {Word(r.Optional)}, {Word(r.ContainerScope)})");
        Map("Containers", "ContainerMetadata", file.Containers, c =>
            $"new({CodeWriter.Literal(c.Resource?.Text, "null")}, [{string.Join(", ", c.Mounts.Select(m => $"new({CodeWriter.Literal(m.Storage.Text)}, {CodeWriter.Literal(m.Location)})"))}])");
        Map("Storages", "StorageMetadata", file.Storages, s =>
            $"new({CodeWriter.Literal(s.Type)}, {CodeWriter.Literal(s.Location, "null")}, {Number(s.Minimum)}, {Number(s.Maximum)}, {Word(s.ReadOnly)})");
        Map("Resources", "ResourceMetadata", file.Resources, r => $"new({CodeWriter.Literal(r.Type)}, {CodeWriter.Literal(r.Filename, "null")})");
        Map("Actions", "ActionMetadata", file.Actions, ActionValue);
        Map("Config", "ConfigOption", file.Options, o => $"new({CodeWriter.Literal(o.Type)}, {DefaultOf(o)}, {CodeWriter.Literal(o.Description)})");
        code.Line($"ExtraBindings = [{string.Join(", ", file.ExtraBindings.Select(CodeWriter.Literal))}],");
        code.Close("};");
        code.Close();

        void Map<T>(string property, string type, IReadOnlyList<T> declarations, Func<T, string> value)
            where T : Declaration
        {
            code.Line($"{property} = new global::System.Collections.Generic.Dictionary<string, global::Ops.{type}>");
            code.Open("");
            foreach (var declaration in declarations)
            {
                code.Line($"[{CodeWriter.Literal(declaration.Name)}] = {value(declaration)},");
            }

            code.Close("},");
        }
    }

    static string ActionValue(ActionDeclaration action)
    {
        var parameters = action.Parameters.Select(p =>
            $"[{CodeWriter.Literal(p.Name)}] = new({CodeWriter.Literal(p.Type, "null")}, {Word(p.Required)}, {CodeWriter.Literal(p.Default is null ? null : Json.Of(p.Default), "null")}, "
            + (p.Values.Count > 0 ? $"[{string.Join(", ", p.Values.Select(CodeWriter.Literal))}]" : "null") + ")");
        return $"new({CodeWriter.Literal(action.Description)}, "
            + $"new global::System.Collections.Generic.Dictionary<string, global::Ops.ActionParameter> {{ {string.Join(", ", parameters)} }}, {Word(action.AdditionalProperties)})";
    }

    static string DefaultOf(Option option) => option.Default is not { } value ? "null" : option.Type switch
    {
        "int" => $"{Parsed(value.Text)}L",
        "float" => $"{(double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0).ToString("R", CultureInfo.InvariantCulture)}d",
        "boolean" => Word(YamlWords.Boolean(value.Text) ?? false),
        _ => CodeWriter.Literal(value.Text),
    };

    static string Parsed(string text) =>
        (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0).ToString(CultureInfo.InvariantCulture);

    static string Word(bool value) => value ? "true" : "false";

    static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}
