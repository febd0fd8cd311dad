namespace Ops.HookTools;

/// <summary>Environment variables of a dispatch: those of the process, or those that a test gives.</summary>
public interface IEnvironment
{
    /// <summary>The variable's value; null if it is not set.</summary>
    /// <param name="name">The variable.</param>
    string? Find(string name);

    /// <summary>All variables, which hook tools are started with.</summary>
    IEnumerable<KeyValuePair<string, string>> All();
}
