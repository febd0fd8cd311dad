namespace Ops;

/// <summary>A unit: this one, or another that it is related to.</summary>
/// <remarks>Source: ops.Unit. What is said about a unit can be read and set of this one only.</remarks>
public sealed class Unit : IRelationEntity
{
    /// <summary>What is-leader answers holds for 30 seconds more.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    readonly Model model;
    readonly Dictionary<string, Container> containers = [];
    StatusBase? status;
    (bool Leads, long Asked)? leadership;

    internal Unit(Model model, string name)
    {
        this.model = model;
        Name = name;
    }

    /// <summary>Its name: <c>discourse-k8s/0</c>.</summary>
    public string Name { get; }

    /// <summary>Its application.</summary>
    public Application App => field ??= model.GetApp(Name[..Name.IndexOf('/', StringComparison.Ordinal)]);

    /// <summary>Whether this unit leads its application. True holds for at least 30 seconds.</summary>
    public bool IsLeader
    {
        get
        {
            CheckMine("know the leadership");
            if (leadership is not { } known || model.Framework.Time.GetElapsedTime(known.Asked) > Lease)
            {
                leadership = known = (model.Tools.IsLeader(), model.Framework.Time.GetTimestamp());
            }

            return known.Leads;
        }
    }

    /// <summary>What the unit says about itself. Setting it takes effect at once; the same status again is not sent again.</summary>
    /// <exception cref="InvalidStatusException">The status is error or unknown, which only Juju sets.</exception>
    public StatusBase Status
    {
        get
        {
            CheckMine("read the status");
            return status ??= model.Tools.StatusGet(app: false);
        }

        set
        {
            CheckMine("set the status");
            if (status != value)
            {
                SetStatus(model, app: false, value);
                status = value;
            }
        }
    }

    /// <summary>The containers that charmcraft.yaml declares, by name.</summary>
    public IReadOnlyDictionary<string, Container> Containers =>
        model.Framework.Meta.Containers.Keys.ToDictionary(name => name, GetContainer);

    /// <summary>The ports that are open, with the changes of this dispatch.</summary>
    public IReadOnlyCollection<Port> OpenedPorts
    {
        get
        {
            CheckMine("read the ports");
            return Ports;
        }
    }

    HashSet<Port> Ports => field ??= [.. model.Tools.OpenedPorts()];

    /// <summary>The container with that name.</summary>
    /// <param name="name">As in charmcraft.yaml.</param>
    /// <exception cref="ModelException">charmcraft.yaml does not declare it.</exception>
    public Container GetContainer(string name)
    {
        CheckMine("use a container");
        if (!containers.TryGetValue(name, out var container))
        {
            if (!model.Framework.Meta.Containers.ContainsKey(name))
            {
                throw new ModelException($"cannot get container \"{name}\": charmcraft.yaml does not declare it");
            }

            containers[name] = container = new Container(name, model.Framework);
        }

        return container;
    }

    /// <summary>Says which version of the workload runs; "juju status" shows it.</summary>
    /// <param name="version">The version.</param>
    public void SetWorkloadVersion(string version)
    {
        CheckMine("set the workload version");
        model.Tools.ApplicationVersionSet(version);
    }

    /// <summary>Opens a port, if it is not open.</summary>
    /// <param name="port">The port.</param>
    public void OpenPort(Port port)
    {
        CheckMine("open a port");
        if (Ports.Add(port))
        {
            model.Tools.OpenPort(port);
        }
    }

    /// <summary>Closes a port, if it is open.</summary>
    /// <param name="port">The port.</param>
    public void ClosePort(Port port)
    {
        CheckMine("close a port");
        if (Ports.Remove(port))
        {
            model.Tools.ClosePort(port);
        }
    }

    /// <summary>Opens these ports and closes all others.</summary>
    /// <param name="ports">The ports.</param>
    public void SetPorts(params IEnumerable<Port> ports)
    {
        HashSet<Port> wanted = [.. ports];
        foreach (var port in Ports.Except(wanted).ToList())
        {
            ClosePort(port);
        }

        foreach (var port in wanted)
        {
            OpenPort(port);
        }
    }

    /// <summary>Makes a secret that this unit owns.</summary>
    /// <param name="content">Values by key; a key has three characters or more, lower-case letters, digits and dashes.</param>
    /// <param name="options">Label, description, expiry, rotation; null for none.</param>
    public Secret AddSecret(IReadOnlyDictionary<string, string> content, SecretOptions? options = null)
    {
        CheckMine("add a secret");
        return Secret.Add(model, content, options ?? new(), app: false);
    }

    /// <summary>Reboots the machine; machines only.</summary>
    /// <param name="now">At once, ending the hook, which is run again afterwards; otherwise after the hook.</param>
    public void Reboot(bool now = false)
    {
        CheckMine("reboot");
        model.Tools.JujuReboot(now);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static void SetStatus(Model model, bool app, StatusBase status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status is ErrorStatus or UnknownStatus)
        {
            throw new InvalidStatusException($"cannot set status \"{status.Name}\": a charm sets active, blocked, waiting or maintenance");
        }

        model.Tools.StatusSet(app, status.Name, status.Message);
    }

    void CheckMine(string what)
    {
        if (this != model.Unit)
        {
            throw new ModelException($"cannot {what} of unit \"{Name}\": this is \"{model.Unit.Name}\"");
        }
    }
}
