using System.Globalization;
using System.Text;
using Pebble.Processes;

namespace Pebble;

/// <summary>The daemon's own log: one line per event on standard error.</summary>
/// <remarks>The form is that of the documented `pebble run` output: time in milliseconds, UTC, then [pebble].</remarks>
static class Logger
{
    const int StandardError = 2;

    /// <summary>Set by `enter` for commands whose own output should stand alone.</summary>
    public static bool Silent { get; set; }

    public static void Notice(string text)
    {
        if (Silent)
        {
            return;
        }

        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        // Straight to the descriptor: setting up Console costs more than the daemon's whole start is worth.
        Descriptors.WriteAll(StandardError, Encoding.UTF8.GetBytes($"{time} [pebble] {text.TrimEnd('\n')}\n"));
    }
}
