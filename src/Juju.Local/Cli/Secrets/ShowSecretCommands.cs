using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Secrets;

static class ShowSecretCommands
{
    public static Command Show => new("show-secret", "<ID>|<name>", "Shows details for a specific secret.", ShowAsync)
    {
        Flags =
        [
            Flag.Switch("reveal", "Reveal secret values, applicable to yaml or json formats only"), Flag.Value("r|revision", "number", "Show a revision", "0"),
            Flag.Switch("revisions", "Show the secret revisions metadata"), .. OutputFlags.Of("yaml|json"),
        ],
        Examples = ["show-secret my-password --reveal", "show-secret 9m4e2mr0ui3e8a215n4g --revisions"],
    };

    public static Command List => new("secrets", "", "Lists secrets available in the model.", ListAsync)
    {
        Aliases = ["list-secrets"],
        Flags = [Flag.Value("owner", "owner", "Include secrets for the specified owner"), .. OutputFlags.Of("tabular|json|yaml")],
        Examples = ["secrets", "secrets --owner application-postgresql-k8s --format yaml"],
    };

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var line = invocation.Line;
        var name = invocation.Only("missing secret URI or name");
        var revision = line.Number("revision", 0);
        if (line.Has("revisions") && revision > 0)
        {
            throw new UsageException("specify either --revisions or --revision but not both");
        }

        if (line.Has("revisions") && line.Has("reveal"))
        {
            throw new UsageException("specify either --revisions or --reveal but not both");
        }

        var format = invocation.Format("yaml", "json");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var secret = await controller.GetSecretAsync(new(model, name, line.Has("reveal"), revision > 0 ? revision : null), cancellation);
        var node = Describe(secret);
        if (revision > 0)
        {
            node["revision"] = revision;
        }

        if (line.Has("reveal") && secret.Content is { } content)
        {
            node["content"] = new JsonObject { ["Data"] = Documents.Map(content) };
            node["checksum"] = Checksum(content);
            if (format == "yaml")
            {
                node["content"] = Documents.Map(content);
            }
        }

        if (line.Has("revisions"))
        {
            node["revisions"] = new JsonArray([.. secret.Revisions.OrderBy(each => each.Revision).Select(each => (JsonNode)Describe(each))]);
        }

        if (secret.Access.Count > 0)
        {
            node["access"] = new JsonArray([.. secret.Access.Select(access =>
                (JsonNode)new JsonObject { ["target"] = access.Target, ["scope"] = access.Scope, ["role"] = access.Role })]);
        }

        invocation.Write(new JsonObject { [Bare(secret.Id)] = node }, format);
        return 0;
    }

    static JsonObject Describe(SecretRevisionDetails revision) => new JsonObject
    {
        ["revision"] = revision.Revision,
        ["backend"] = "internal",
        ["created"] = Documents.Rfc3339(revision.Created),
        ["updated"] = Documents.Rfc3339(revision.Updated),
    }.With("expires", revision.Expires is { } expires ? Documents.Rfc3339(expires) : null);

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("tabular", "json", "yaml");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var secrets = (await controller.ListSecretsAsync(new(model, invocation.Line.Text("owner")), cancellation))
            .OrderBy(secret => secret.Owner, StringComparer.Ordinal).ThenBy(secret => secret.Id, StringComparer.Ordinal).ToList();
        if (format != "tabular")
        {
            var document = new JsonObject();
            foreach (var secret in secrets.OrderBy(secret => secret.Id, StringComparer.Ordinal))
            {
                document[Bare(secret.Id)] = Describe(secret);
            }

            invocation.Write(document, format);
            return 0;
        }

        if (secrets.Count == 0)
        {
            invocation.Tell("No secrets to display.");
            return 0;
        }

        var table = new Table("ID", "Name", "Owner", "Rotation", "Revision", "Last updated");
        foreach (var secret in secrets)
        {
            table.Add(
                Bare(secret.Id), secret.Name ?? "-", secret.Owner, secret.Rotation ?? "never",
                secret.Revision.ToString(CultureInfo.InvariantCulture), Documents.Rfc3339(secret.Updated));
        }

        invocation.Print(table);
        return 0;
    }

    static JsonObject Describe(SecretDetails secret) => new JsonObject { ["revision"] = secret.Revision }
        .With("expires", secret.Expires is { } expires ? Documents.Rfc3339(expires) : null)
        .With("rotation", secret.Rotation)
        .With("rotates", secret.Rotates is { } rotates ? Documents.Rfc3339(rotates) : null)
        .With("owner", secret.Owner)
        .With("description", secret.Description)
        .With("name", secret.Name)
        .With("label", secret.Label)
        .With("created", Documents.Rfc3339(secret.Created))
        .With("updated", Documents.Rfc3339(secret.Updated));

    static string Bare(string id) => id[(id.LastIndexOfAny([':', '/']) + 1)..];

    static string Checksum(IReadOnlyDictionary<string, string> content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Documents.Map(content).ToJsonString())));
}
