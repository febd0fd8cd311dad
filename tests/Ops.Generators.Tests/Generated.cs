using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Ops.Generators.Tests;

/// <summary>A charm compiled with the generator and the analyzer, against the Ops of this build.</summary>
sealed class Generated
{
    static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Select(p => MetadataReference.CreateFromFile(p)),
    ];

    Generated(string source, IReadOnlyList<Diagnostic> diagnostics)
    {
        Source = source;
        Diagnostics = diagnostics;
    }

    /// <summary>What was generated.</summary>
    public string Source { get; }

    /// <summary>What the generator, the analyzer and the compiler have to say, as <c>ID file(line,column): message</c>.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    public IEnumerable<string> Messages => Diagnostics.Select(Text);

    public static async Task<Generated> FromAsync(string charm, params (string Path, string Yaml)[] files)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var compilation = CSharpCompilation.Create(
            "Test",
            [CSharpSyntaxTree.ParseText(charm, options, "Charm.cs")],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        ImmutableArray<AdditionalText> texts = [.. files.Select(f => new InMemoryText(f.Path, f.Yaml))];
        var driver = CSharpGeneratorDriver.Create([new CharmGenerator().AsSourceGenerator()], texts, options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var found);
        var analyzed = await output
            .WithAnalyzers([new CharmAnalyzer()], new AnalyzerOptions(texts))
            .GetAllDiagnosticsAsync();
        var sources = driver.GetRunResult().GeneratedTrees.Select(t => t.ToString());
        return new Generated(
            string.Join("\n", sources),
            [.. found.Concat(analyzed).Where(d => d.Severity >= DiagnosticSeverity.Warning).OrderBy(Text, StringComparer.Ordinal)]);
    }

    static string Text(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        return $"{diagnostic.Id} {place.Path}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {diagnostic.GetMessage()}";
    }

    sealed class InMemoryText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
