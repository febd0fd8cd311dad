using Ops.Generators.Charmcraft;

namespace Ops.Generators.Code;

/// <summary>Writes the types of <c>Relations</c>, <c>Containers</c>, <c>Resources</c> and <c>Storages</c>, and the names of the endpoints.</summary>
static class MembersCode
{
    public static void Write(CodeWriter code, CharmClass charm, CharmFile file, string access)
    {
        Type("Endpoints", "", "The names of the endpoints", file.Relations, _ => "const string", r => $" = {CodeWriter.Literal(r.Name)};", isStatic: true);
        Type("Relations", "global::Ops.Model model", "The relations", file.Relations,
            r => r.Limit == 1 || r.Role == "Peer" ? "global::Ops.Relation?" : "global::System.Collections.Generic.IReadOnlyList<global::Ops.Relation>",
            r => r.Limit == 1 || r.Role == "Peer" ? $" => model.GetRelation({CodeWriter.Literal(r.Name)});" : $" => model.Relations[{CodeWriter.Literal(r.Name)}];");
        Type("Containers", "global::Ops.Unit unit", "The workload containers", file.Containers,
            _ => "global::Ops.Container", c => $" => unit.GetContainer({CodeWriter.Literal(c.Name)});");
        Type("Resources", "global::Ops.Model model", "The paths of the resources' files", file.Resources,
            _ => "string", r => $" => model.Resources.Fetch({CodeWriter.Literal(r.Name)});");
        Type("Storages", "global::Ops.Model model", "The storages", file.Storages,
            _ => "global::System.Collections.Generic.IReadOnlyList<global::Ops.Storage>", s => $" => model.Storages[{CodeWriter.Literal(s.Name)}];");

        void Type<T>(string suffix, string parameter, string what, IReadOnlyList<T> declarations, Func<T, string> type, Func<T, string> body, bool isStatic = false)
            where T : Declaration
        {
            code.Summary($"{what} of {charm.Name}.");
            var head = isStatic ? $"{access} static class {charm.Name}{suffix}"
                : declarations.Count > 0 ? $"{access} sealed class {charm.Name}{suffix}({parameter})"
                : $"{access} sealed class {charm.Name}{suffix}";
            code.Open(head);
            if (declarations.Count == 0 && !isStatic)
            {
                code.Line($"internal {charm.Name}{suffix}({parameter})");
                code.Line("{");
                code.Line("}");
            }

            foreach (var declaration in declarations)
            {
                code.Summary($"\"{declaration.Name}\" of charmcraft.yaml.");
                code.Line($"public {type(declaration)} {declaration.Member}{body(declaration)}");
                code.Line();
            }

            code.Close();
            code.Line();
        }
    }
}
