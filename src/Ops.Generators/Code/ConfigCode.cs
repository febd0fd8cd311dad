using Ops.Generators.Charmcraft;

namespace Ops.Generators.Code;

/// <summary>Writes the type of <c>Config</c>: a property for each option, null only where an option has no default.</summary>
static class ConfigCode
{
    static readonly string[] Inherited = ["Values", "GetString", "GetInteger", "GetNumber", "GetBoolean", "GetSecret", "Equals", "GetHashCode", "GetType", "ToString"];

    public static void Write(CodeWriter code, CharmClass charm, CharmFile file, string access)
    {
        code.Summary($"The configuration of {charm.Name}.");
        code.Open($"{access} sealed class {charm.Name}Config(global::Ops.Framework framework) : global::Ops.ConfigData(framework)");
        foreach (var option in file.Options)
        {
            var name = CodeWriter.Literal(option.Name);
            var (type, read) = option.Type switch
            {
                "int" => ("long", "GetInteger"),
                "float" => ("double", "GetNumber"),
                "boolean" => ("bool", "GetBoolean"),
                "secret" => ("global::Ops.Secret", "GetSecret"),
                _ => ("string", "GetString"),
            };
            var hides = Inherited.Contains(option.Member) ? "new " : "";
            code.Summary(option.Description.Length > 0 ? option.Description : $"The option \"{option.Name}\".");
            code.Line(option.Default is null
                ? $"public {hides}{type}? {option.Member} => {read}({name});"
                : type == "string"
                    ? $"public {hides}{type} {option.Member} => {read}({name})!;"
                    : $"public {hides}{type} {option.Member} => {read}({name})!.Value;");
            code.Line();
        }

        code.Close();
        code.Line();
    }
}
