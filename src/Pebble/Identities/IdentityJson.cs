using System.Text.Json;

namespace Pebble.Identities;

/// <summary>Identities as an object by name: for the API with secrets hidden, for the state file with them.</summary>
static class IdentityJson
{
    const string Hidden = "*****";

    public static void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Identity> identities, bool showSecrets)
    {
        writer.WriteStartObject();
        foreach (var (name, identity) in identities)
        {
            writer.WriteStartObject(name);
            writer.WriteString("access"u8, Identity.Word(identity.Access));
            if (identity.UserId is { } user)
            {
                writer.WriteStartObject("local"u8);
                writer.WriteNumber("user-id"u8, user);
                writer.WriteEndObject();
            }

            WriteSecret(writer, "basic", "password", identity.PasswordHash, showSecrets);
            WriteSecret(writer, "cert", "pem", identity.Pem, showSecrets);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    static void WriteSecret(Utf8JsonWriter writer, string type, string field, string? secret, bool show)
    {
        if (secret is not null)
        {
            writer.WriteStartObject(type);
            writer.WriteString(field, show ? secret : Hidden);
            writer.WriteEndObject();
        }
    }
}
