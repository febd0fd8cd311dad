namespace Ops;

/// <summary>An application: this unit's own, or another that it is related to.</summary>
/// <remarks>Source: ops.Application.</remarks>
public sealed class Application : IRelationEntity
{
    readonly Model model;
    StatusBase? status;

    internal Application(Model model, string name)
    {
        this.model = model;
        Name = name;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What the application as a whole says about itself. Only the leader may read or set it, and only its own application's.</summary>
    /// <exception cref="ModelException">This unit does not lead, or it is another application.</exception>
    /// <exception cref="InvalidStatusException">The status is error or unknown, which only Juju sets.</exception>
    public StatusBase Status
    {
        get
        {
            CheckMine("read the status");
            return status ??= model.Tools.StatusGet(app: true);
        }

        set
        {
            CheckMine("set the status");
            if (status != value)
            {
                Unit.SetStatus(model, app: true, value);
                status = value;
            }
        }
    }

    /// <summary>How many units the application is to have: those alive and those on their way, without those that go.</summary>
    public int PlannedUnits
    {
        get
        {
            if (this != model.App)
            {
                throw new ModelException($"cannot count the planned units of \"{Name}\": Juju tells only those of \"{model.App.Name}\"");
            }

            return field != 0 ? field : field = model.Tools.PlannedUnits();
        }
    }

    /// <summary>Makes a secret that the application owns. This unit must lead.</summary>
    /// <param name="content">Values by key; a key has three characters or more, lower-case letters, digits and dashes.</param>
    /// <param name="options">Label, description, expiry, rotation; null for none.</param>
    public Secret AddSecret(IReadOnlyDictionary<string, string> content, SecretOptions? options = null)
    {
        CheckMine("add a secret");
        return Secret.Add(model, content, options ?? new(), app: true);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    void CheckMine(string what)
    {
        if (this != model.App)
        {
            throw new ModelException($"cannot {what} of application \"{Name}\": this unit belongs to \"{model.App.Name}\"");
        }

        if (!model.Unit.IsLeader)
        {
            throw new ModelException($"cannot {what} of application \"{Name}\": unit \"{model.Unit.Name}\" is not the leader");
        }
    }
}
