using System.Globalization;
using System.Text;
using Pebble.Processes;

namespace Pebble.Logs;

/// <summary>`run --verbose`: what services write, on the daemon's standard output as "TIME [service] line".</summary>
sealed class LogCopy(int descriptor)
{
    readonly Lock gate = new();

    public void Write(LogBuffer logs, ref long position)
    {
        using var text = new MemoryStream();
        foreach (var entry in logs.Read(ref position))
        {
            text.Write(Encoding.UTF8.GetBytes($"{LogTime.Format(entry.TimeMs)} [{entry.Service}] "));
            text.Write(entry.Message);
            text.WriteByte((byte)'\n');
        }

        lock (gate)
        {
            Descriptors.WriteAll(descriptor, text.GetBuffer().AsSpan(0, (int)text.Length));
        }
    }
}

/// <summary>The time of a log line: UTC, always with milliseconds.</summary>
static class LogTime
{
    public static string Format(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
