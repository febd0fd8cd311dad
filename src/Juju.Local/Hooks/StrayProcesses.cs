using System.Globalization;
using System.Text;
using Juju.Local.Sandboxes;

namespace Juju.Local.Hooks;

/// <summary>Processes of a turn, recognised by the context id in their environment, which they inherit.</summary>
static class StrayProcesses
{
    /// <summary>Kills all that are left of a turn: it timed out, was cancelled, or its controller died under it.</summary>
    public static void Kill(string contextId)
    {
        var mark = Encoding.UTF8.GetBytes("JUJU_CONTEXT_ID=" + contextId);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ReadEnvironment(folder).AsSpan().IndexOf(mark) >= 0)
            {
                Signals.Send(id, Signals.Kill);
            }
        }
    }

    static byte[] ReadEnvironment(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
