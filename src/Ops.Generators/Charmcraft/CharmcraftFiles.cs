using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators.Code;

namespace Ops.Generators.Charmcraft;

/// <summary>The charmcraft.yaml files that a project gives to the compiler, and places in them.</summary>
static class CharmcraftFiles
{
    /// <summary>A project with several charms names its files as it likes, <c>web.charmcraft.yaml</c>.</summary>
    public static bool IsOne(string path) => path.EndsWith("charmcraft.yaml", StringComparison.Ordinal);

    /// <summary>The file of a charm: the one that its attribute names, or the only one there is.</summary>
    public static string? Choose(CharmClass charm, IEnumerable<string> paths, out string reason)
    {
        List<string> matching =
        [
            .. paths.Where(p => charm.File is not { } wanted || p.Replace('\\', '/').EndsWith("/" + wanted, StringComparison.Ordinal) || p == wanted),
        ];
        reason = (matching.Count, charm.File) switch
        {
            (1, _) => "",
            (0, null) => "add <AdditionalFiles Include=\"charmcraft.yaml\" /> to the project",
            (0, { } name) => $"the project has no AdditionalFiles that end in \"{name}\"",
            (_, null) => "the project has several; choose one with [Charmcraft(\"…\")]",
            (_, { } name) => $"several end in \"{name}\"",
        };
        return matching.Count == 1 ? matching[0] : null;
    }

    public static Diagnostic Report(Problem problem, string path, string text) =>
        Diagnostic.Create(problem.Descriptor, LocationOf(path, text, problem.Start, problem.Length), problem.Arguments);

    public static Location LocationOf(string path, string text, int start, int length)
    {
        var lines = SourceText.From(text).Lines;
        var span = TextSpan.FromBounds(Math.Min(start, text.Length), Math.Min(start + Math.Max(length, 1), text.Length));
        return Location.Create(path, span, lines.GetLinePositionSpan(span));
    }
}
