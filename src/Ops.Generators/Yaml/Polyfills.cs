namespace System.Runtime.CompilerServices;

/// <summary>The compiler wants this type for init; netstandard2.0 lacks it.</summary>
static class IsExternalInit
{
}
