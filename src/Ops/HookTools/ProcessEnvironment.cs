using System.Collections;

namespace Ops.HookTools;

/// <summary>The environment of this process. The one place where Ops reads it.</summary>
public sealed class ProcessEnvironment : IEnvironment
{
    /// <inheritdoc/>
    public string? Find(string name) => Environment.GetEnvironmentVariable(name);

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> All()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            yield return new((string)variable.Key, (string?)variable.Value ?? "");
        }
    }
}
