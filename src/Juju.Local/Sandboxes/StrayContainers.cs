using System.Globalization;
using System.Text;

namespace Juju.Local.Sandboxes;

/// <summary>Containers that run and that nothing remembers, recognised by the scratch folder on their command line.</summary>
static class StrayContainers
{
    /// <summary>Ends all whose scratch folder is this one or below it. The first process of a container takes all others with it.</summary>
    public static void Kill(string scratch)
    {
        var mark = Encoding.UTF8.GetBytes("\0" + scratch);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && IsOf(mark, folder))
            {
                Signals.Send(id, Signals.Kill);
            }
        }
    }

    // The folder is a whole word, or goes on with a slash: units/1 is no part of units/10.
    static bool IsOf(byte[] mark, string folder)
    {
        ReadOnlySpan<byte> words = ReadCommandLine(folder);
        while (words.IndexOf(mark) is >= 0 and var at)
        {
            words = words[(at + mark.Length)..];
            if (mark[^1] == (byte)'/' || words.IsEmpty || words[0] is 0 or (byte)'/')
            {
                return true;
            }
        }

        return false;
    }

    static byte[] ReadCommandLine(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
