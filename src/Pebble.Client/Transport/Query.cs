using System.Text;

namespace Pebble.Client;

/// <summary>A query string in the making; empty without parameters.</summary>
sealed class Query
{
    readonly StringBuilder text = new();

    public static string Escape(string value) => Uri.EscapeDataString(value);

    public Query Add(string name, string value)
    {
        text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Escape(value));
        return this;
    }

    public Query AddIf(string name, string? value) => string.IsNullOrEmpty(value) ? this : Add(name, value);

    public Query AddList(string name, IReadOnlyCollection<string> values) =>
        values.Count == 0 ? this : Add(name, string.Join(',', values));

    // Keys of notices may hold commas, so each goes alone.
    public Query AddEach(string name, IReadOnlyCollection<string> values)
    {
        foreach (var value in values)
        {
            Add(name, value);
        }

        return this;
    }

    public override string ToString() => text.ToString();
}
