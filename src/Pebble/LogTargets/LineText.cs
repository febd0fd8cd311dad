using System.Text;
using Pebble.Logs;

namespace Pebble.LogTargets;

/// <summary>A line as text: services may write any bytes, the protocols carry Unicode.</summary>
static class LineText
{
    public static string Of(LogEntry entry) => Encoding.UTF8.GetString(entry.Message);
}
