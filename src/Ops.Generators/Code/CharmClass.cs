using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ops.Generators.Code;

/// <summary>A class of the compilation that is a charm. Equal to another with the same texts, so that the generator runs only when one changed.</summary>
sealed class CharmClass(string name, string scope, bool isPublic, bool isPartial, string? file, Location location) : IEquatable<CharmClass>
{
    public string Name { get; } = name;

    /// <summary>Its namespace; empty for the global one.</summary>
    public string Namespace { get; } = scope;

    public bool IsPublic { get; } = isPublic;

    public bool IsPartial { get; } = isPartial;

    /// <summary>What [Charmcraft] names; null without it.</summary>
    public string? File { get; } = file;

    public Location Location { get; } = location;

    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";

    /// <summary>The charm that is declared here; null if it is none.</summary>
    public static CharmClass? From(ClassDeclarationSyntax node, SemanticModel model, CancellationToken cancellation) =>
        model.GetDeclaredSymbol(node, cancellation) is { } symbol
            ? From(symbol, node.Modifiers.Any(SyntaxKind.PartialKeyword), node.Identifier.GetLocation())
            : null;

    /// <summary>The charm that this type is; null if it is none.</summary>
    public static CharmClass? From(INamedTypeSymbol symbol) => From(symbol, isPartial: true, Location.None);

    static CharmClass? From(INamedTypeSymbol symbol, bool isPartial, Location location)
    {
        if (symbol is not { IsAbstract: false, ContainingType: null } || !DerivesFromCharmBase(symbol))
        {
            return null;
        }

        var attribute = symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == "Ops.CharmcraftAttribute");
        return new CharmClass(
            symbol.Name,
            symbol.ContainingNamespace.IsGlobalNamespace ? "" : symbol.ContainingNamespace.ToDisplayString(),
            symbol.DeclaredAccessibility == Accessibility.Public,
            isPartial,
            attribute?.ConstructorArguments.FirstOrDefault().Value as string,
            location);
    }

    public bool Equals(CharmClass? other) =>
        other is not null && FullName == other.FullName && IsPublic == other.IsPublic && IsPartial == other.IsPartial && File == other.File
        && (IsPartial || Location.Equals(other.Location));

    public override bool Equals(object? obj) => Equals(obj as CharmClass);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(FullName);

    static bool DerivesFromCharmBase(INamedTypeSymbol symbol)
    {
        for (var type = symbol.BaseType; type is not null; type = type.BaseType)
        {
            if (type is { Name: "CharmBase", ContainingNamespace: { Name: "Ops", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }
}
