using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Ops.Generators.Charmcraft;
using Ops.Generators.Names;

namespace Ops.Generators;

/// <summary>Compares the names that a charm uses, as members or as strings, with those that its charmcraft.yaml declares.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CharmAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UndeclaredName, Rules.MisspeltMember];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            var charms = CharmNames.In(start.Compilation, start.Options, start.CancellationToken);
            if (charms.Any)
            {
                start.RegisterSyntaxNodeAction(node => CheckMember(node, charms), SyntaxKind.SimpleMemberAccessExpression);
                start.RegisterOperationAction(operation => CheckIndexer(operation, charms), OperationKind.PropertyReference);
                start.RegisterOperationAction(operation => CheckCall(operation, charms), OperationKind.Invocation);
            }
        });
    }

    static void CheckMember(SyntaxNodeAnalysisContext context, CharmNames charms)
    {
        var access = (MemberAccessExpressionSyntax)context.Node;
        if (context.SemanticModel.GetTypeInfo(access.Expression, context.CancellationToken).Type is not { } type
            || charms.MembersOf(type) is not { } members)
        {
            return;
        }

        var symbol = context.SemanticModel.GetSymbolInfo(access, context.CancellationToken);
        if (symbol.Symbol is null && symbol.CandidateSymbols.IsEmpty)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.MisspeltMember, access.Name.GetLocation(), access.Expression.ToString(), access.Name.Identifier.Text, members.Hint(access.Name.Identifier.Text)));
        }
    }

    static void CheckIndexer(OperationAnalysisContext context, CharmNames charms)
    {
        var reference = (IPropertyReferenceOperation)context.Operation;
        if (reference.Property.IsIndexer && reference.Arguments.Length == 1)
        {
            Check(context, charms, reference.Property.ContainingType, "this[]", reference.Arguments[0].Value);
        }
    }

    static void CheckCall(OperationAnalysisContext context, CharmNames charms)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.Arguments.Length > 0)
        {
            Check(context, charms, call.TargetMethod.ContainingType, call.TargetMethod.Name, call.Arguments[0].Value);
        }
    }

    static void Check(OperationAnalysisContext context, CharmNames charms, INamedTypeSymbol type, string member, IOperation argument)
    {
        if (type.ContainingNamespace is { Name: "Ops", ContainingNamespace.IsGlobalNamespace: true }
            && CharmNames.KindOf(type.Name, member) is { } kind
            && argument.ConstantValue is { HasValue: true, Value: string name }
            && charms.NamesFor(context.ContainingSymbol, kind) is { } names
            && !names.Contains(name))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.UndeclaredName, argument.Syntax.GetLocation(), kind, name, names.Hint(name)));
        }
    }
}
