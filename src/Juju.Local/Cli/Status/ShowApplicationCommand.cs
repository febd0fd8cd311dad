using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Status;

static class ShowApplicationCommand
{
    public static Command Command => new("show-application", "<application name> [...]", "Display information about an application.", RunAsync)
    {
        Flags = [.. OutputFlags.Of("yaml|json|smart")],
        Examples = ["show-application discourse-k8s"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("an application name must be supplied");
        }

        var format = invocation.Format("yaml", "json", "smart");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var document = new JsonObject();
        foreach (var name in invocation.Arguments)
        {
            document[name] = Describe(await controller.GetApplicationAsync(new(model, name), cancellation));
        }

        invocation.Write(document, format);
        return 0;
    }

    static JsonObject Describe(ApplicationDetails application)
    {
        var bindings = new JsonObject { [""] = "alpha" };
        foreach (var endpoint in application.Endpoints.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal))
        {
            bindings[endpoint.Name] = "alpha";
        }

        var node = new JsonObject { ["charm"] = application.CharmName, ["base"] = application.Base };
        node.With("channel", application.Channel).With("constraints", application.Constraints);
        node["principal"] = true;
        node["exposed"] = application.Exposed;
        node.With("published", application.Published.Count == 0 ? null : Documents.List(application.Published));
        node["remote"] = false;
        node["life"] = application.Life;
        return node.With("endpoint-bindings", bindings);
    }
}
