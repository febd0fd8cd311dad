using Ops.Generators.Charmcraft;

namespace Ops.Generators.Code;

/// <summary>Writes the type of <c>On</c>: an event for each endpoint, container, storage and action.</summary>
static class EventsCode
{
    static readonly string[] OfRelations = ["RelationCreated", "RelationJoined", "RelationChanged", "RelationDeparted", "RelationBroken"];
    static readonly string[] OfContainers = ["PebbleReady", "PebbleCustomNotice", "PebbleCheckFailed", "PebbleCheckRecovered"];
    static readonly string[] OfStorages = ["StorageAttached", "StorageDetaching"];

    public static void Write(CodeWriter code, CharmClass charm, CharmFile file, string access)
    {
        code.Summary($"The events of {charm.Name}.");
        code.Open($"{access} sealed class {charm.Name}Events({charm.Name} charm) : global::Ops.CharmEvents(charm)");
        file.Relations.ForEach(r => Events(code, r, OfRelations, "endpoint"));
        file.Containers.ForEach(c => Events(code, c, OfContainers, "container"));
        file.Storages.ForEach(s => Events(code, s, OfStorages, "storage"));
        foreach (var action in file.Actions)
        {
            code.Summary(action.Description.Length > 0 ? action.Description : $"Somebody runs the action \"{action.Name}\".");
            code.Line($"public global::Ops.EventSource<{action.EventClass}> {action.Member}Action =>");
            code.Line($"    this[{CodeWriter.Literal(action.Name)}].ActionAs(static run => new {action.EventClass}(run));");
            code.Line();
        }

        code.Close();
        code.Line();
    }

    /// <summary>The members of the type, and what each is declared by.</summary>
    public static IEnumerable<(string, Declaration)> Members(CharmFile file) =>
        OfRelations.SelectMany(kind => file.Relations.Select(r => (r.Member + kind, (Declaration)r)))
            .Concat(OfContainers.SelectMany(kind => file.Containers.Select(c => (c.Member + kind, (Declaration)c))))
            .Concat(OfStorages.SelectMany(kind => file.Storages.Select(s => (s.Member + kind, (Declaration)s))))
            .Concat(file.Actions.Select(a => (a.Member + "Action", (Declaration)a)));

    static void Events(CodeWriter code, Declaration declaration, string[] kinds, string what)
    {
        foreach (var kind in kinds)
        {
            code.Summary($"{kind} of {what} \"{declaration.Name}\".");
            code.Line($"public global::Ops.EventSource<global::Ops.{kind}Event> {declaration.Member}{kind} => this[{CodeWriter.Literal(declaration.Name)}].{kind};");
            code.Line();
        }
    }
}
