namespace Ops;

/// <summary>Which charmcraft.yaml a charm is typed from, in a project that has several (tests, say). With one, it is not needed.</summary>
/// <param name="path">The end of the file's path, as in <c>web/charmcraft.yaml</c>. The project lists it among its AdditionalFiles.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CharmcraftAttribute(string path) : Attribute
{
    /// <summary>The end of the file's path.</summary>
    public string Path { get; } = path;
}
