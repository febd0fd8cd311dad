using Juju.Local.HookTools;

namespace Juju.Local.Hooks;

/// <summary>The folder that is first on a charm's PATH: one small program under the name of every tool.</summary>
static class ToolFolder
{
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var program = Path.Combine(folder, "hook-tool");
        using (var source = typeof(ToolFolder).Assembly.GetManifestResourceStream("hook-tool.pl")!)
        using (var target = File.Create(program))
        {
            source.CopyTo(target);
        }

        File.SetUnixFileMode(program, (UnixFileMode)Convert.ToInt32("755", 8));
        foreach (var name in ToolTable.Names)
        {
            var link = Path.Combine(folder, name);
            if (!File.Exists(link))
            {
                File.CreateSymbolicLink(link, "hook-tool");
            }
        }
    }
}
