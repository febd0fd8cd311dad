using Ops.HookTools;

namespace Ops.Testing;

/// <summary>Environment variables that a test gives.</summary>
sealed class TestEnvironment(IReadOnlyDictionary<string, string> variables) : IEnvironment
{
    public string? Find(string name) => variables.GetValueOrDefault(name);

    public IEnumerable<KeyValuePair<string, string>> All() => variables;
}
