using System.Buffers;
using Pebble.Logs;
using Pebble.Processes;

namespace Pebble.Services;

/// <summary>Moves what a service writes into its log.</summary>
static class ServiceOutput
{
    const int ReadSize = 64 * 1024;

    /// <param name="output">Read to its end.</param>
    /// <param name="logs">Takes all of it.</param>
    /// <param name="copy">Takes it as text, too (`run --verbose`).</param>
    public static async Task ReadAsync(AsyncDescriptor output, LogBuffer logs, LogCopy? copy)
    {
        var position = logs.End;
        while (true)
        {
            // Rented only while there is something to read: most services are silent most of the time.
            await output.ReadableAsync();
            var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
            int count;
            while ((count = output.Read(buffer)) > 0)
            {
                logs.Append(buffer.AsSpan(0, count));
                copy?.Write(logs, ref position);
            }

            ArrayPool<byte>.Shared.Return(buffer);
            if (count == 0)
            {
                logs.EndLine();
                copy?.Write(logs, ref position);
                return;
            }
        }
    }
}
