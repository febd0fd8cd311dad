using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators.Charmcraft;
using Ops.Generators.Code;

namespace Ops.Generators;

/// <summary>Adds to each charm class what its charmcraft.yaml declares: options, actions with parameters, containers, relations, resources, storages.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class CharmGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(file => CharmcraftFiles.IsOne(file.Path))
            .Select((file, cancellation) => (file.Path, Text: file.GetText(cancellation)?.ToString() ?? ""))
            .Collect();
        var charms = context.SyntaxProvider
            .CreateSyntaxProvider(
                (node, _) => node is ClassDeclarationSyntax { BaseList.Types.Count: > 0 },
                (found, cancellation) => CharmClass.From((ClassDeclarationSyntax)found.Node, found.SemanticModel, cancellation))
            .Where(charm => charm is not null)
            .Collect();
        context.RegisterSourceOutput(charms.Combine(files), (output, pair) => Generate(output, pair.Left!, pair.Right));
    }

    static void Generate(SourceProductionContext output, ImmutableArray<CharmClass?> charms, ImmutableArray<(string Path, string Text)> files)
    {
        // Other parts of a partial class name no base, or the same: one is enough.
        foreach (var charm in charms.OfType<CharmClass>().GroupBy(c => c.FullName).Select(same => same.First()))
        {
            if (!charm.IsPartial)
            {
                output.ReportDiagnostic(Diagnostic.Create(Rules.NotPartial, charm.Location, charm.Name));
                continue;
            }

            var file = CharmcraftFiles.Choose(charm, files.Select(f => f.Path), out var reason);
            if (file is null)
            {
                output.ReportDiagnostic(Diagnostic.Create(Rules.NoFile, charm.Location, charm.Name, reason));
                continue;
            }

            var text = files.First(f => f.Path == file).Text;
            var reader = new CharmFileReader();
            var declared = reader.Read(text);
            foreach (var problem in reader.Problems)
            {
                output.ReportDiagnostic(CharmcraftFiles.Report(problem, file, text));
            }

            if (declared is not null)
            {
                output.AddSource($"{charm.FullName}.g.cs", SourceText.From(CharmCode.Write(charm, declared), Encoding.UTF8));
            }
        }
    }
}
