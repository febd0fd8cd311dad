using System.Text;
using Pebble.Processes;

namespace Pebble.Checks;

/// <summary>The end of what a command wrote.</summary>
sealed class OutputTail(int size)
{
    readonly byte[] kept = new byte[size];
    int count;

    public async Task ReadAsync(AsyncDescriptor output)
    {
        var buffer = new byte[4096];
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0)
        {
            Add(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The last lines, after "(...)" if there were more.</summary>
    public string LastLines(int most)
    {
        var lines = Encoding.UTF8.GetString(kept, 0, count).Trim().Split('\n');
        return string.Join('\n', lines.Length > most ? ["(...)", .. lines[^most..]] : lines);
    }

    void Add(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[Math.Max(0, bytes.Length - size)..];
        var keep = Math.Min(count, size - bytes.Length);
        kept.AsSpan(count - keep, keep).CopyTo(kept);
        bytes.CopyTo(kept.AsSpan(keep));
        count = keep + bytes.Length;
    }
}
