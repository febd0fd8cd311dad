using Ops.Relations.Databags;

namespace Ops.Relations.Postgresql;

/// <summary>
/// The key <c>data</c>, in which each side of the data interfaces keeps the other side's databag as it last saw it, so
/// that it can tell what is new.
/// </summary>
/// <remarks>Source: data_interfaces v0, <c>diff</c>.</remarks>
static class DiffKey
{
    public const string Name = "data";

    /// <summary>The text to keep of a databag just seen: its content without its own diff key.</summary>
    public static string Of(IReadOnlyDictionary<string, string> bag) => JsonText.Of(bag.Where(pair => pair.Key != Name));

    /// <summary>The keys that are new or have a new value; all of them if what was kept cannot be read.</summary>
    /// <param name="kept">The text that was kept.</param>
    /// <param name="bag">The databag now.</param>
    /// <param name="added">Those of them that were not there before.</param>
    public static IReadOnlySet<string> Changed(string? kept, IReadOnlyDictionary<string, string> bag, out IReadOnlySet<string> added)
    {
        using var document = DatabagValue.Json(kept);
        var before = document?.RootElement ?? default;
        var now = bag.Where(pair => pair.Key != Name).ToList();
        added = now.Where(pair => before.Member(pair.Key) is null).Select(pair => pair.Key).ToHashSet();
        return now.Where(pair => before.Member(pair.Key) != pair.Value).Select(pair => pair.Key).ToHashSet();
    }
}
