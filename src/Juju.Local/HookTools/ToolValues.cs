namespace Juju.Local.HookTools;

/// <summary>The <c>key=value</c> arguments of writing tools.</summary>
static class ToolValues
{
    public static (string Key, string Value) Split(string argument)
    {
        var equals = argument.IndexOf('=');
        return equals > 0
            ? (argument[..equals], argument[(equals + 1)..])
            : throw ToolException.Usage($"expected \"key=value\", got \"{argument}\"");
    }
}
