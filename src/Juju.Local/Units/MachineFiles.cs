using Juju.Local.Sandboxes;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>What all units of the controller share from this machine.</summary>
/// <param name="Tools">The folder of hook tools.</param>
/// <param name="Pebble">The program that is every workload's entrypoint; null where there is none.</param>
/// <param name="Home">The controller's home.</param>
sealed record MachineFiles(string Tools, string? Pebble, ControllerHome Home)
{
    /// <summary>
    /// Pebble is beside this program, or where <c>JUJU_LOCAL_PEBBLE</c> says. Containers get a copy: a build that replaces
    /// the file is no concern of what runs.
    /// </summary>
    public static MachineFiles Prepare(ControllerHome home)
    {
        var tools = Path.Combine(home.Path, "tools");
        Hooks.ToolFolder.Write(tools);
        var source = Environment.GetEnvironmentVariable("JUJU_LOCAL_PEBBLE") is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "pebble");
        return new MachineFiles(tools, File.Exists(source) ? Copy(source, Path.Combine(home.Path, "bin")) : null, home);
    }

    public UnitPlace PlaceOf(UnitRecord unit) => new(unit.Place, Home.Unit(unit.Place), unit.Name.Replace('/', '-'));

    static string Copy(string source, string folder)
    {
        Directory.CreateDirectory(folder);
        var target = Path.Combine(folder, $"pebble-{File.GetLastWriteTimeUtc(source).Ticks:x}");
        if (!File.Exists(target))
        {
            var unfinished = target + ".new";
            File.Copy(source, unfinished, overwrite: true);
            File.Move(unfinished, target, overwrite: true);
        }

        return target;
    }
}
