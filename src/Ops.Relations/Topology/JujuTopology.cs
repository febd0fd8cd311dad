namespace Ops.Relations.Topology;

/// <summary>Where in Juju something comes from: the labels that tie metrics, alerts, logs and dashboards to a unit.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="ModelUuid">UUID of the model.</param>
/// <param name="Application">Name of the application.</param>
/// <param name="Unit">Name of the unit, such as <c>discourse-k8s/0</c>; empty for the whole application.</param>
/// <param name="CharmName">Name of the charm.</param>
public sealed record JujuTopology(string Model, string ModelUuid, string Application, string Unit, string CharmName)
{
    /// <summary>The topology of this unit.</summary>
    public static JujuTopology Of(CharmBase charm)
    {
        ArgumentNullException.ThrowIfNull(charm);
        return new(charm.Model.Name, charm.Model.Uuid, charm.App.Name, charm.Unit.Name, charm.Meta.Name);
    }

    /// <summary>Name of the application among all models: <c>model_uuid8_application</c>, as file and group names have it.</summary>
    public string Identifier => $"{Model}_{ShortUuid}_{Application}";

    string ShortUuid => ModelUuid.Length > 8 ? ModelUuid[..8] : ModelUuid;

    /// <summary>The four labels of an application: model, model_uuid, application, charm, each with the prefix <c>juju_</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels => new Dictionary<string, string>
    {
        ["juju_model"] = Model,
        ["juju_model_uuid"] = ModelUuid,
        ["juju_application"] = Application,
        ["juju_charm"] = CharmName,
    };

    /// <summary>Label matchers of a query: <c>juju_model="m", juju_model_uuid="u", juju_application="a"</c>.</summary>
    public string Matchers => $"juju_model=\"{Model}\", juju_model_uuid=\"{ModelUuid}\", juju_application=\"{Application}\"";

    /// <summary>The JSON members that a databag holds as <c>scrape_metadata</c> (Prometheus) or <c>metadata</c> (Loki).</summary>
    internal IReadOnlyDictionary<string, object?> Metadata => new Dictionary<string, object?>
    {
        ["model"] = Model,
        ["model_uuid"] = ModelUuid,
        ["application"] = Application,
        ["unit"] = Unit,
        ["charm_name"] = CharmName,
    };
}
