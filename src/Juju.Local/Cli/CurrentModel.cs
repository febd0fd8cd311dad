using Juju.Local.Api;

namespace Juju.Local.Cli;

/// <summary>
/// Which model a command means: <c>--model</c>, else <c>JUJU_MODEL</c>, else the one that <c>switch</c> chose. Forms:
/// <c>name</c>, <c>user/name</c>, <c>controller:name</c>, <c>controller:user/name</c>.
/// </summary>
static class CurrentModel
{
    /// <exception cref="CommandException">No model is chosen.</exception>
    public static string Resolve(string? flag, Terminal terminal) =>
        (string.IsNullOrEmpty(flag) ? null : flag) ?? terminal.Model ?? Read(terminal.Home)
        ?? throw new CommandException("""
            no model in focus

            Please use "juju-local models" to see models available to you.
            You can make one by running "juju-local add-model NAME", set the current one by running
            "juju-local switch NAME", or name one on the command line with the "-m" option.
            """);

    /// <returns>The bare name of the model.</returns>
    /// <exception cref="CommandException">The name has a controller in front that is not this one.</exception>
    public static async Task<string> CheckControllerAsync(string name, ControllerClient client, CancellationToken cancellation)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            var wanted = name[..colon];
            var controller = await client.ControllerAsync(cancellation);
            if (wanted.Length > 0 && wanted != controller.Name)
            {
                throw new CommandException($"controller \"{wanted}\" not found; the one on this machine is \"{controller.Name}\"");
            }
        }

        return BareName(name);
    }

    public static string BareName(string name)
    {
        name = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return name[(name.LastIndexOf('/') + 1)..];
    }

    public static string? Read(ControllerHome home)
    {
        try
        {
            return File.ReadAllText(home.CurrentModel).Trim() is { Length: > 0 } name ? name : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static void Write(ControllerHome home, string? name)
    {
        if (name is not null)
        {
            Directory.CreateDirectory(home.Path);
            File.WriteAllText(home.CurrentModel, name + "\n");
        }
        else if (File.Exists(home.CurrentModel))
        {
            File.Delete(home.CurrentModel);
        }
    }
}
