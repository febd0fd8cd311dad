using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators.Charmcraft;
using Ops.Generators.Code;

namespace Ops.Generators.Names;

/// <summary>The charms of a compilation and the names that their charmcraft.yaml files declare.</summary>
sealed class CharmNames
{
    readonly Dictionary<INamedTypeSymbol, (string Path, SourceText Text, CharmFile File)> charms = new(SymbolEqualityComparer.Default);

    public bool Any => charms.Count > 0;

    public static CharmNames In(Compilation compilation, AnalyzerOptions options, CancellationToken cancellation)
    {
        var names = new CharmNames();
        var files = options.AdditionalFiles.Where(f => CharmcraftFiles.IsOne(f.Path)).ToDictionary(f => f.Path, f => f);
        if (files.Count == 0)
        {
            return names;
        }

        foreach (var symbol in TypesOf(compilation.Assembly.GlobalNamespace))
        {
            if (CharmClass.From(symbol) is { } charm
                && CharmcraftFiles.Choose(charm, files.Keys, out _) is { } path
                && files[path].GetText(cancellation) is { } text
                && new CharmFileReader().Read(text.ToString()) is { } file)
            {
                names.charms[symbol] = (path, text, file);
            }
        }

        return names;
    }

    /// <summary>What the first argument of a member of Ops names; null if it is no such member.</summary>
    public static string? KindOf(string type, string member) => (type, member) switch
    {
        ("ConfigData", "this[]" or "GetString" or "GetInteger" or "GetNumber" or "GetBoolean" or "GetSecret") => "option",
        ("RelationMapping", "this[]") or ("Model", "GetRelation") => "relation",
        ("Unit", "GetContainer") => "container",
        ("Resources", "Fetch") => "resource",
        ("StorageMapping", "this[]" or "Request") => "storage",
        ("CharmEvents", "this[]") => "relation, container, storage or action",
        _ => null,
    };

    /// <summary>The names that count for code in <paramref name="place"/>: those of the charm it belongs to, or of the only charm there is.</summary>
    public DeclaredNames? NamesFor(ISymbol place, string kind)
    {
        for (var type = place as INamedTypeSymbol ?? place.ContainingType; type is not null; type = type.ContainingType)
        {
            if (charms.TryGetValue(type, out var charm))
            {
                return Names(charm, Declared(charm.File, kind).Select(d => (d.Name, d)));
            }
        }

        return charms.Count == 1 ? Names(charms.Values.First(), Declared(charms.Values.First().File, kind).Select(d => (d.Name, d))) : null;
    }

    /// <summary>The members that the generator gave to a type; null if it is none of its types.</summary>
    public DeclaredNames? MembersOf(ITypeSymbol type)
    {
        foreach (var pair in charms)
        {
            var (charm, file) = (pair.Key, pair.Value.File);
            if (type.Name.StartsWith(charm.Name, StringComparison.Ordinal) && SymbolEqualityComparer.Default.Equals(type.ContainingNamespace, charm.ContainingNamespace))
            {
                IEnumerable<(string, Declaration)>? members = type.Name.Substring(charm.Name.Length) switch
                {
                    "Config" => file.Options.Select(o => (o.Member, (Declaration)o)),
                    "Relations" or "Endpoints" => file.Relations.Select(r => (r.Member, (Declaration)r)),
                    "Containers" => file.Containers.Select(c => (c.Member, (Declaration)c)),
                    "Resources" => file.Resources.Select(r => (r.Member, (Declaration)r)),
                    "Storages" => file.Storages.Select(s => (s.Member, (Declaration)s)),
                    "Events" => EventsCode.Members(file),
                    _ => null,
                };
                if (members is not null)
                {
                    return Names(pair.Value, members);
                }
            }
        }

        return null;
    }

    static IEnumerable<Declaration> Declared(CharmFile file, string kind) => kind switch
    {
        "option" => file.Options,
        "relation" => file.Relations,
        "container" => file.Containers,
        "resource" => file.Resources,
        "storage" => file.Storages,
        _ => [.. file.Relations, .. file.Containers, .. file.Storages, .. file.Actions],
    };

    static DeclaredNames Names((string Path, SourceText Text, CharmFile File) charm, IEnumerable<(string Name, Declaration Declaration)> names)
    {
        var lines = new Dictionary<string, int>();
        foreach (var (name, declaration) in names)
        {
            lines[name] = charm.Text.Lines.GetLinePosition(declaration.Key.Start).Line + 1;
        }

        return new DeclaredNames(Path.GetFileName(charm.Path), lines);
    }

    static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceSymbol scope) =>
        scope.GetTypeMembers().Concat(scope.GetNamespaceMembers().SelectMany(TypesOf));
}
