namespace Juju.Local;

/// <summary>
/// Where a controller keeps everything: <c>$JUJU_LOCAL_HOME</c>, by default <c>~/.local/share/juju-local</c>.
/// The one place that knows the layout.
/// </summary>
sealed record ControllerHome(string Path)
{
    /// <summary>The home that the environment names.</summary>
    public static ControllerHome FromEnvironment()
    {
        var path = Environment.GetEnvironmentVariable("JUJU_LOCAL_HOME");
        if (string.IsNullOrEmpty(path))
        {
            var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            path = string.IsNullOrEmpty(data)
                ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/juju-local")
                : System.IO.Path.Combine(data, "juju-local");
        }

        return new ControllerHome(System.IO.Path.GetFullPath(path));
    }

    public string Database => At("controller.db");

    /// <summary>The API. Only the controller's user may connect.</summary>
    public string Socket => At("api.socket");

    /// <summary>Held by the running controller.</summary>
    public string Lock => At("controller.lock");

    /// <summary>What the controller itself says, and what a crash leaves.</summary>
    public string Log => At("controller.log");

    /// <summary>The current model's name, kept by <c>switch</c>.</summary>
    public string CurrentModel => At("current-model");

    /// <summary>Unpacked charms: <c>charms/MODEL-UUID/NAME-REVISION</c>.</summary>
    public string Charms(string modelUuid) => At($"charms/{modelUuid}");

    /// <summary>What resources held when they were given, by name and digest of the content.</summary>
    public string Resources(string modelUuid) => At($"resources/{modelUuid}");

    /// <summary>A file for each port of this machine that leads to units of the model.</summary>
    public string Published(string modelUuid) => At($"published/{modelUuid}");

    /// <summary>All of one unit: charm, sockets, scratch roots of its containers. Short, for a socket's path has 107 bytes.</summary>
    public string Unit(int number) => At($"units/{number}");

    /// <summary>Storage instances outlive their units.</summary>
    public string Storage(string modelUuid) => At($"storage/{modelUuid}");

    string At(string name) => System.IO.Path.Combine(Path, name);
}
