namespace Ops.HookTools;

partial class ProcessHookTools
{
    public IReadOnlyList<string> RelationIds(string endpoint) => Read("relation-ids", [endpoint, Json], ToolJson.List);

    public IReadOnlyList<string> RelationList(string relation) =>
        Parse("relation-list", RunInRelation("relation-list", [Json, "-r", relation]), ToolJson.List);

    public string RelationListApp(string relation) =>
        Parse("relation-list", RunInRelation("relation-list", [Json, "--app", "-r", relation]), ToolJson.Text);

    public IReadOnlyDictionary<string, string> RelationGet(string relation, string entity, bool app)
    {
        string[] arguments = app ? [Json, "-r", relation, "--app", "-", entity] : [Json, "-r", relation, "-", entity];
        return Parse("relation-get", RunInRelation("relation-get", arguments), ToolJson.Texts);
    }

    public void RelationSet(string relation, bool app, IReadOnlyDictionary<string, string> changes)
    {
        string[] arguments = app ? ["-r", relation, "--app", "--file", "-"] : ["-r", relation, "--file", "-"];
        RunInRelation("relation-set", arguments, ToolJson.Write(changes));
    }

    public string RelationModelGet(string relation) =>
        Parse("relation-model-get", RunInRelation("relation-model-get", [Json, "-r", relation]), ToolJson.Texts).GetValueOrDefault("uuid", "");

    /// <summary>Tells "the relation is gone" from other refusals by the words that ops looks for, too.</summary>
    ReadOnlyMemory<byte> RunInRelation(string tool, string[] arguments, ReadOnlyMemory<byte> input = default)
    {
        var result = runner.Run(tool, arguments, input);
        return result.ExitCode == 0 ? result.Output
            : result.Error.Contains("relation not found", StringComparison.Ordinal)
                ? throw new RelationNotFoundException($"cannot run {tool}: {result.Error}")
            : throw Refusal(tool, result);
    }
}
