namespace Ops;

/// <summary>The charm's resources: files that were attached to it.</summary>
/// <remarks>Source: ops.Resources.</remarks>
public sealed class Resources
{
    readonly Framework framework;
    readonly Dictionary<string, string> paths = [];

    internal Resources(Framework framework) => this.framework = framework;

    /// <summary>The path of a resource's file, which Juju fetches if it is not there. Of an image: a YAML file with registrypath, username, password.</summary>
    /// <param name="name">As in charmcraft.yaml.</param>
    /// <exception cref="ModelException">It is not declared, or cannot be fetched.</exception>
    public string Fetch(string name)
    {
        if (!framework.Meta.Resources.ContainsKey(name))
        {
            throw new ModelException($"cannot fetch resource \"{name}\": charmcraft.yaml does not declare it");
        }

        if (!paths.TryGetValue(name, out var path))
        {
            paths[name] = path = framework.Tools.ResourceGet(name);
        }

        return path;
    }
}
