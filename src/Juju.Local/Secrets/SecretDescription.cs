using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.State;

namespace Juju.Local.Secrets;

/// <summary>A secret as <c>secret-info-get</c> shows it; empty fields are left out.</summary>
static class SecretDescription
{
    public static JsonObject Of(SecretRecord secret)
    {
        var description = new JsonObject { ["revision"] = secret.Latest.Number };
        if (secret.Label is { Length: > 0 } label)
        {
            description["label"] = label;
        }

        description["owner"] = secret.Owner.Contains('/') ? "unit" : "application";
        if (secret.Description is { Length: > 0 } text)
        {
            description["description"] = text;
        }

        description["rotation"] = secret.Rotation;
        if (secret.Latest.Expires is { } expires)
        {
            description["expiry"] = Time(expires);
        }

        if (secret.Rotates is { } rotates)
        {
            description["rotates"] = Time(rotates);
        }

        if (secret.Grants.Count > 0)
        {
            description["access"] = new JsonArray([
                .. from grant in secret.Grants
                   select new JsonObject { ["target"] = TagOf(grant.Key), ["scope"] = grant.Value, ["role"] = "view" },
            ]);
        }

        return description;
    }

    public static string TagOf(string reader) => reader.Contains('/') ? UnitRecord.TagOf(reader) : "application-" + reader;

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
