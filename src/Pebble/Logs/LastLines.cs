using System.Text;

namespace Pebble.Logs;

/// <summary>The end of a service's output, as it is shown with an error.</summary>
static class LastLines
{
    /// <summary>The last lines, each indented; "(...)" first if there were more.</summary>
    public static string Of(LogBuffer logs, int most, string indent)
    {
        var entries = logs.Last(most + 1);
        while (entries.Count > 0 && entries[^1].Message.Length == 0)
        {
            entries.RemoveAt(entries.Count - 1);
        }

        var lines = entries.Select(each => Encoding.UTF8.GetString(each.Message).TrimEnd('\r')).ToArray();
        if (lines.Length > most)
        {
            lines[0] = "(...)";
        }

        // One empty line where there is nothing, as the Go program has it.
        return string.Join('\n', lines.DefaultIfEmpty("").Select(each => indent + each));
    }
}
