using Microsoft.CodeAnalysis;

namespace Ops.Generators.Charmcraft;

/// <summary>Something wrong in a charmcraft.yaml, and where.</summary>
/// <param name="descriptor">Which kind.</param>
/// <param name="start">Offset in the text.</param>
/// <param name="length">Characters.</param>
/// <param name="arguments">What the message names.</param>
sealed class Problem(DiagnosticDescriptor descriptor, int start, int length, params object[] arguments)
{
    public DiagnosticDescriptor Descriptor { get; } = descriptor;

    public int Start { get; } = start;

    public int Length { get; } = length;

    public object[] Arguments { get; } = arguments;
}
