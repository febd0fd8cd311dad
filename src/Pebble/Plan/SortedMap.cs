using System.Collections;

namespace Pebble.Plan;

/// <summary>Strings by name, in the order of their bytes, never changed.</summary>
sealed class SortedMap : IEnumerable<KeyValuePair<string, string>>
{
    public static readonly SortedMap Empty = new([]);

    readonly SortedDictionary<string, string> entries = new(StringComparer.Ordinal);

    public SortedMap(IEnumerable<KeyValuePair<string, string>> from)
    {
        foreach (var (name, value) in from)
        {
            entries[name] = value;
        }
    }

    public int Count => entries.Count;

    public string? Find(string name) => entries.GetValueOrDefault(name);

    public SortedMap Merge(SortedMap later) => later.Count == 0 ? this : Count == 0 ? later : new(entries.Concat(later.entries));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

static class EmptyMeansUnset
{
    /// <summary>The text, or the other when it is empty: a later layer cannot set a string back to empty.</summary>
    public static string Or(this string text, string other) => text.Length > 0 ? text : other;
}
