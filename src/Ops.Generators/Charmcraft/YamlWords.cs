namespace Ops.Generators.Charmcraft;

/// <summary>The words that YAML takes for booleans (those of YAML 1.2, which charmcraft and Juju agree on).</summary>
static class YamlWords
{
    public static bool? Boolean(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };
}
