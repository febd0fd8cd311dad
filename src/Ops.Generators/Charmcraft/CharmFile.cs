using Ops.Generators.Yaml;

namespace Ops.Generators.Charmcraft;

/// <summary>What a charmcraft.yaml declares, as far as it becomes code.</summary>
sealed class CharmFile
{
    public string Name { get; set; } = "";

    public string Summary { get; set; } = "";

    public string Description { get; set; } = "";

    public bool Subordinate { get; set; }

    public List<Endpoint> Relations { get; } = [];

    public List<WorkloadContainer> Containers { get; } = [];

    public List<StorageDeclaration> Storages { get; } = [];

    public List<Resource> Resources { get; } = [];

    public List<ActionDeclaration> Actions { get; } = [];

    public List<Option> Options { get; } = [];

    public List<string> ExtraBindings { get; } = [];
}

/// <summary>Something with a name, and where the name stands.</summary>
abstract class Declaration(YamlScalar key)
{
    public YamlScalar Key { get; } = key;

    public string Name => Key.Text;

    public string Member => Names.MemberName.Of(Name);
}

sealed class Endpoint(YamlScalar key) : Declaration(key)
{
    public string Role { get; set; } = "";

    public string Interface { get; set; } = "";

    public int? Limit { get; set; }

    public bool Optional { get; set; } = true;

    public bool ContainerScope { get; set; }
}

sealed class WorkloadContainer(YamlScalar key) : Declaration(key)
{
    public YamlScalar? Resource { get; set; }

    public List<(YamlScalar Storage, string Location)> Mounts { get; } = [];
}

sealed class StorageDeclaration(YamlScalar key) : Declaration(key)
{
    public string Type { get; set; } = "filesystem";

    public string? Location { get; set; }

    public int Minimum { get; set; } = 1;

    public int? Maximum { get; set; } = 1;

    public bool ReadOnly { get; set; }
}

sealed class Resource(YamlScalar key) : Declaration(key)
{
    public string Type { get; set; } = "";

    public string? Filename { get; set; }
}

sealed class ActionDeclaration(YamlScalar key) : Declaration(key)
{
    public string Description { get; set; } = "";

    public bool AdditionalProperties { get; set; } = true;

    public List<Parameter> Parameters { get; } = [];

    public string EventClass => Member + "ActionEvent";
}

sealed class Parameter(YamlScalar key) : Declaration(key)
{
    /// <summary>A type of JSON schema; null for any.</summary>
    public string? Type { get; set; }

    public string Description { get; set; } = "";

    public bool Required { get; set; }

    public YamlNode? Default { get; set; }

    public List<string> Values { get; } = [];
}

sealed class Option(YamlScalar key) : Declaration(key)
{
    public string Type { get; set; } = "string";

    public string Description { get; set; } = "";

    /// <summary>Null for none.</summary>
    public YamlScalar? Default { get; set; }
}

/// <summary>Groups of names that become members of one type.</summary>
static class Declarations
{
    /// <summary>Pairs of declarations whose C# names are the same.</summary>
    public static IEnumerable<(Declaration First, Declaration Second)> Clashes(IEnumerable<Declaration> declarations) =>
        from same in declarations.GroupBy(d => d.Member)
        from second in same.Skip(1)
        select (same.First(), second);
}
