namespace Juju.Local.Sandboxes;

/// <summary>
/// The seam to the machine: units with a network of their own, and containers in them. Bubblewrap is the first kind; pods of
/// a container engine can be the second.
/// </summary>
interface ISandboxes
{
    /// <summary>Whether a command that units need is missing; the text names it and its package.</summary>
    string? FindProblem();

    /// <summary>The network of the whole controller, for people.</summary>
    string Describe();

    /// <summary>Makes the unit's network if it is not there.</summary>
    /// <returns>The unit's address.</returns>
    Task<string> PrepareUnitAsync(UnitPlace place, CancellationToken cancellation);

    /// <summary>Starts a container; its file system is that of its image again.</summary>
    Task<SandboxProcess> StartAsync(UnitPlace place, ContainerPlan container, CancellationToken cancellation);

    /// <summary>What to put before a command to run it in the container.</summary>
    IReadOnlyList<string> Enter(SandboxProcess process);

    /// <summary>Asks the container's program to end, and ends everything in it after the grace.</summary>
    Task StopAsync(SandboxProcess process, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Deletes a folder with all that users of containers wrote in it.</summary>
    Task DeleteAsync(string folder, CancellationToken cancellation);

    /// <summary>Removes the unit's network. Its containers are stopped already.</summary>
    Task ReleaseUnitAsync(UnitPlace place, CancellationToken cancellation);

    /// <summary>Removes what all units shared.</summary>
    Task ReleaseAllAsync(CancellationToken cancellation);
}

/// <summary>A unit's place on this machine.</summary>
/// <param name="Folder">All of its files.</param>
/// <param name="Hostname"><c>discourse-k8s-0</c>.</param>
sealed record UnitPlace(int Number, string Folder, string Hostname)
{
    /// <summary>The <c>/etc/hosts</c> of all the unit's containers.</summary>
    public string Hosts => Path.Combine(Folder, "hosts");

    public string Charm => Path.Combine(Folder, "charm");

    public string Resources => Path.Combine(Folder, "resources");

    /// <summary>Holds the socket that hook tools talk to. Shared as a folder: a socket made anew is seen.</summary>
    public string Agent => Path.Combine(Folder, "agent");

    public string Containers => Path.Combine(Folder, "containers");

    public string PebbleSocket(string container) => Path.Combine(Containers, container, "pebble.socket");

    public string Log(string container) => Path.Combine(Folder, $"{container}.log");

    /// <summary>What a container wrote over its image.</summary>
    public string Scratch(string container) => Path.Combine(Folder, "scratch", container);
}

/// <summary>What a container is made of.</summary>
sealed record ContainerPlan
{
    public required string Name { get; init; }

    /// <summary>A folder laid over this machine's own system; null: the system alone.</summary>
    public string? Image { get; init; }

    /// <summary>Folders and files of this machine and where they are in the container.</summary>
    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyList<string> Command { get; init; }
}

sealed record Mount(string Source, string Target, bool ReadOnly = false);
