using System.Globalization;
using Pebble.Client;

namespace Ops.Testing;

partial class MemoryPebble
{
    public string Notify(string key, IReadOnlyDictionary<string, string>? data, TimeSpan? repeatAfter)
    {
        Connect();
        var place = notices.FindIndex(n => n.Type == "custom" && n.Key == key);
        var values = data?.ToDictionary(d => d.Key, d => TestJson.Of(d.Value));
        if (place >= 0)
        {
            notices[place] = notices[place] with { Occurrences = notices[place].Occurrences + 1, LastData = values };
            return notices[place].Id;
        }

        var id = (notices.Count + 1).ToString(CultureInfo.InvariantCulture);
        notices.Add(new Notice { Id = id, Type = "custom", Key = key, Occurrences = 1, LastData = values });
        return id;
    }

    public Notice? FindNotice(string id)
    {
        Connect();
        return notices.Find(n => n.Id == id);
    }

    public IReadOnlyList<Notice> ListNotices(NoticesQuery filter)
    {
        Connect();
        return
        [
            .. notices.Where(n => (filter.Types.Count == 0 || filter.Types.Contains(n.Type))
                && (filter.Keys.Count == 0 || filter.Keys.Contains(n.Key))
                && (filter.After is null || n.LastRepeated > filter.After)),
        ];
    }
}
