using System.Text.Json;

namespace Ops;

/// <summary>One run of an action: its parameters, read once, and what it answers.</summary>
public sealed class ActionRun
{
    readonly Framework framework;

    internal ActionRun(Framework framework, string name, string id)
    {
        this.framework = framework;
        Name = name;
        Id = id;
    }

    /// <summary>The action's name with its dashes.</summary>
    public string Name { get; }

    /// <summary>The task's id (JUJU_ACTION_UUID).</summary>
    public string Id { get; }

    internal IReadOnlyDictionary<string, JsonElement> Params => field ??= framework.Tools.ActionGet();

    internal void SetResults(IReadOnlyDictionary<string, string> results) => framework.Tools.ActionSet(results);

    internal void Fail(string message) => framework.Tools.ActionFail(message);

    internal void Log(string message) => framework.Tools.ActionLog(framework.Redaction.Apply(message));
}
