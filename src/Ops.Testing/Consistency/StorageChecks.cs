using System.Globalization;

namespace Ops.Testing;

static class StorageChecks
{
    public static IEnumerable<string> Of(State state, CharmMetadata meta)
    {
        foreach (var same in state.Storages.GroupBy(s => s.Name))
        {
            if (!meta.Storages.TryGetValue(same.Key, out var declared))
            {
                yield return $"the storage \"{same.Key}\" is not declared; {ConsistencyChecker.Declared(meta.Storages.Keys)}";
            }
            else if (same.Count() > declared.Maximum)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"there are {same.Count()} of storage \"{same.Key}\", and charmcraft.yaml allows {declared.Maximum}");
            }

            if (same.Select(s => s.Index).Distinct().Count() != same.Count())
            {
                yield return $"two of storage \"{same.Key}\" have the same number";
            }
        }
    }
}
