using System.Text;
using Pebble.Processes;

namespace Pebble.Cli;

/// <summary>Writes to the descriptors themselves: setting up Console costs more than a whole command.</summary>
static class Output
{
    const int StandardOutput = 1;
    const int StandardError = 2;

    public static void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public static void Write(ReadOnlySpan<byte> bytes) => Descriptors.WriteAll(StandardOutput, bytes);

    public static void WriteError(ReadOnlySpan<byte> bytes) => Descriptors.WriteAll(StandardError, bytes);

    public static void Line(string text) => Write(text + "\n");

    public static void ErrorLine(string text) => Descriptors.WriteAll(StandardError, Encoding.UTF8.GetBytes(text + "\n"));
}
