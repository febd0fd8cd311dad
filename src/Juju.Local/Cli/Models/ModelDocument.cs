using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Models;

/// <summary>A model as <c>models</c> and <c>show-model</c> describe it to programs.</summary>
static class ModelDocument
{
    public static JsonObject Make(ModelDetails model) => new JsonObject
    {
        ["name"] = $"{model.Owner}/{model.Name}",
        ["short-name"] = model.Name,
        ["model-uuid"] = model.Uuid,
        ["model-type"] = model.Type,
        ["controller-uuid"] = model.ControllerUuid,
        ["controller-name"] = model.ControllerName,
        ["is-controller"] = false,
        ["owner"] = model.Owner,
        ["cloud"] = model.Cloud,
        ["region"] = model.Region,
        ["type"] = "kubernetes",
        ["life"] = model.Life,
        ["status"] = new JsonObject { ["current"] = model.Status.Current }
            .With("message", model.Status.Message)
            .With("since", model.Status.Since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ["users"] = new JsonObject
        {
            [model.Owner] = new JsonObject { ["display-name"] = model.Owner, ["access"] = "admin", ["last-connection"] = "just now" },
        },
        ["secret-backends"] = new JsonObject
        {
            ["internal"] = new JsonObject { ["num-secrets"] = model.Secrets, ["status"] = "active" },
        },
        ["agent-version"] = model.AgentVersion,
        ["credential"] = new JsonObject
        {
            ["name"] = model.Cloud, ["owner"] = model.Owner, ["cloud"] = model.Cloud, ["validity-check"] = "valid",
        },
    };
}
