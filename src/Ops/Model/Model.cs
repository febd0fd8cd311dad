using Ops.HookTools;

namespace Ops;

/// <summary>The model as this unit sees it. What is read is read when asked for and once in a dispatch.</summary>
/// <remarks>Source: ops.Model.</remarks>
public sealed class Model
{
    readonly Dictionary<string, Application> apps = [];
    readonly Dictionary<string, Unit> units = [];
    readonly Dictionary<string, Binding> bindings = [];

    internal Model(Framework framework)
    {
        Framework = framework;
        Relations = new RelationMapping(this);
        App = GetApp(framework.Context.AppName);
        Unit = GetUnit(framework.Context.UnitName);
    }

    /// <summary>The model's name; on Kubernetes also the namespace.</summary>
    public string Name => Framework.Context.ModelName;

    /// <summary>The model's UUID.</summary>
    public string Uuid => Framework.Context.ModelUuid;

    /// <summary>The agent's version of Juju.</summary>
    /// <exception cref="FormatException">JUJU_VERSION is no version.</exception>
    public JujuVersion JujuVersion => JujuVersion.Parse(Framework.Context.JujuVersion);

    /// <summary>This unit.</summary>
    public Unit Unit { get; }

    /// <summary>This unit's application.</summary>
    public Application App { get; }

    /// <summary>The application's configuration.</summary>
    public ConfigData Config => field ??= new ConfigData(Framework);

    /// <summary>The relations by endpoint, without one that is just being broken.</summary>
    public RelationMapping Relations { get; }

    /// <summary>The resources.</summary>
    public Resources Resources => field ??= new Resources(Framework);

    /// <summary>The storages.</summary>
    public StorageMapping Storages => field ??= new StorageMapping(Framework);

    /// <summary>The proxies that the model is configured with for charms (juju-http-proxy …).</summary>
    public ProxySettings Proxy => field ??= ProxySettings.From(Framework.Context.Environment);

    internal Framework Framework { get; }

    internal IHookTools Tools => Framework.Tools;

    /// <summary>The application with that name.</summary>
    /// <param name="name">Any; it need not be related.</param>
    public Application GetApp(string name)
    {
        if (!apps.TryGetValue(name, out var app))
        {
            apps[name] = app = new Application(this, name);
        }

        return app;
    }

    /// <summary>The unit with that name.</summary>
    /// <param name="name">Any; it need not be related.</param>
    public Unit GetUnit(string name)
    {
        if (!units.TryGetValue(name, out var unit))
        {
            units[name] = unit = new Unit(this, name);
        }

        return unit;
    }

    /// <summary>The only relation of an endpoint; null if there is none.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <exception cref="TooManyRelatedAppsException">There are several.</exception>
    public Relation? GetRelation(string endpoint)
    {
        var all = Relations[endpoint];
        return all.Count switch
        {
            0 => null,
            1 => all[0],
            _ => throw new TooManyRelatedAppsException(endpoint, all.Count),
        };
    }

    /// <summary>A relation by its number, whether it still exists or not: the databags of one that is gone are empty.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="id">The number: 7 of <c>db:7</c>.</param>
    public Relation GetRelation(string endpoint, int id) => Relations.Get(endpoint, id);

    /// <summary>A secret by its id, its label or both. It is read when its content is.</summary>
    /// <param name="id">The id in any of Juju's forms; null to find it by label.</param>
    /// <param name="label">The label; with an id, the secret gets it for this unit.</param>
    public Secret GetSecret(string? id = null, string? label = null)
    {
        if (id is null && label is null)
        {
            throw new ArgumentException("cannot get a secret: give its id or its label");
        }

        return new Secret(this, id, label);
    }

    /// <summary>The network of an endpoint or extra binding.</summary>
    /// <param name="name">The endpoint or extra binding.</param>
    public Binding GetBinding(string name) => BindingOf(name, null);

    /// <summary>The network of a relation, which may differ from its endpoint's across models.</summary>
    /// <param name="relation">The relation.</param>
    public Binding GetBinding(Relation relation)
    {
        ArgumentNullException.ThrowIfNull(relation);
        return BindingOf(relation.Name, relation.Id);
    }

    /// <summary>The cloud and its credential. The application must be trusted.</summary>
    public CloudSpec GetCloudSpec() => Tools.CredentialGet();

    internal void Flush() => Relations.Flush();

    Binding BindingOf(string name, int? relation)
    {
        var key = $"{name}:{relation}";
        if (!bindings.TryGetValue(key, out var binding))
        {
            bindings[key] = binding = new Binding(name, () => Tools.NetworkGet(name, relation));
        }

        return binding;
    }
}
