namespace Ops;

/// <summary>The storages of this unit by name.</summary>
/// <remarks>Source: ops.StorageMapping.</remarks>
public sealed class StorageMapping
{
    readonly Framework framework;
    readonly Dictionary<string, IReadOnlyList<Storage>> lists = [];
    readonly Dictionary<string, Storage> storages = [];

    internal StorageMapping(Framework framework) => this.framework = framework;

    /// <summary>The instances of a storage that are attached.</summary>
    /// <param name="name">As in charmcraft.yaml.</param>
    /// <exception cref="ModelException">charmcraft.yaml does not declare it.</exception>
    public IReadOnlyList<Storage> this[string name]
    {
        get
        {
            CheckDeclared(name);
            if (!lists.TryGetValue(name, out var list))
            {
                lists[name] = list = [.. framework.Tools.StorageList(name).Select(Get)];
            }

            return list;
        }
    }

    /// <summary>Asks Juju for more instances; it sends storage-attached when they are there.</summary>
    /// <param name="name">As in charmcraft.yaml.</param>
    /// <param name="count">How many.</param>
    public void Request(string name, int count = 1)
    {
        CheckDeclared(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        framework.Tools.StorageAdd(name, count);
    }

    internal Storage Get(string id)
    {
        if (!storages.TryGetValue(id, out var storage))
        {
            storages[id] = storage = new Storage(framework, id);
        }

        return storage;
    }

    void CheckDeclared(string name)
    {
        if (!framework.Meta.Storages.ContainsKey(name))
        {
            throw new ModelException($"cannot use storage \"{name}\": charmcraft.yaml does not declare it");
        }
    }
}
