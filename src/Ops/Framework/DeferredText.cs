using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ops;

/// <summary>
/// Deferred events as values of the unit's state: JSON arrays in the keys <c>ops.deferred</c>, <c>ops.deferred.1</c> …, as many as are needed to keep
/// each below Juju's limit of 65,536 bytes a value.
/// </summary>
static class DeferredText
{
    const string Key = "ops.deferred";
    const int Limit = 65_536;

    public static IReadOnlyDictionary<string, string> Mine(IReadOnlyDictionary<string, string> state)
    {
        // Loops and not LINQ here, as every dispatch comes by: LINQ over pairs is compiled when the charm starts, not ahead.
        var mine = new Dictionary<string, string>();
        if (state.Count == 0)
        {
            return mine;
        }

        foreach (var (key, value) in state)
        {
            if (key == Key || key.StartsWith(Key + ".", StringComparison.Ordinal))
            {
                mine[key] = value;
            }
        }

        return mine;
    }

    public static List<DeferredNotice> Read(IReadOnlyDictionary<string, string> state)
    {
        List<DeferredNotice> notices = [];
        for (var number = 0; state.TryGetValue(KeyOf(number), out var text); number++)
        {
            using var document = JsonDocument.Parse(text);
            foreach (var notice in document.RootElement.EnumerateArray())
            {
                notices.Add(new DeferredNotice(
                    notice.GetProperty("event").GetString()!,
                    notice.GetProperty("observer").GetString()!,
                    notice.GetProperty("method").GetString()!,
                    notice.GetProperty("values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!)));
            }
        }

        return notices;
    }

    public static IReadOnlyDictionary<string, string> Write(IReadOnlyList<DeferredNotice> notices)
    {
        var values = new Dictionary<string, string>();
        var items = new List<string>();
        var size = 2;
        foreach (var text in notices.Select(Write))
        {
            var bytes = Encoding.UTF8.GetByteCount(text) + 1;
            if (size + bytes > Limit && items.Count > 0)
            {
                Close();
            }

            items.Add(text);
            size += bytes;
        }

        if (items.Count > 0)
        {
            Close();
        }

        return values;

        void Close()
        {
            values.Add(KeyOf(values.Count), $"[{string.Join(',', items)}]");
            items.Clear();
            size = 2;
        }
    }

    static string KeyOf(int number) => number == 0 ? Key : $"{Key}.{number.ToString(CultureInfo.InvariantCulture)}";

    static string Write(DeferredNotice notice)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", notice.Path);
            json.WriteString("observer", notice.Owner);
            json.WriteString("method", notice.Method);
            json.WriteStartObject("values");
            foreach (var (name, value) in notice.Values)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
