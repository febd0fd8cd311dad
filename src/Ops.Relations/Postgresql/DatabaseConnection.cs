using Ops.Relations.Databags;

namespace Ops.Relations.Postgresql;

/// <summary>How to reach the database that a provider made for us. Everything in it has been checked.</summary>
/// <param name="Host">Host name or IP address of the primary.</param>
/// <param name="Port">Port of the primary, 1–65535.</param>
/// <param name="Database">Name of the database.</param>
/// <param name="User">User name.</param>
/// <param name="Password">Password; printed as <c>***</c>.</param>
public sealed record DatabaseConnection(string Host, int Port, string Database, string User, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"postgresql://{User}:***@{Host}:{Port}/{Database}";

    /// <summary>Reads the fields of a provider's databag, merged with the content of its secrets.</summary>
    /// <param name="fields"><c>endpoints</c>, <c>database</c>, <c>username</c>, <c>password</c>; other keys are ignored.</param>
    public static Reading<DatabaseConnection> Read(IReadOnlyDictionary<string, string> fields)
    {
        string[] needed = ["endpoints", "username", "password", "database"];
        foreach (var key in needed)
        {
            if (fields.Find(key) is not { } value)
            {
                return Reading.Missing<DatabaseConnection>($"\"{key}\" is missing");
            }

            if (!DatabagValue.IsOneLine(value))
            {
                return Reading.Faulty<DatabaseConnection>($"\"{key}\" contains control characters");
            }
        }

        // Only the first endpoint is used: the others are the same primary by other names.
        var endpoint = fields["endpoints"].Split(',')[0].Trim();
        return Endpoint(endpoint) is { } address
            ? Reading.Of<DatabaseConnection>(new(address.Host, address.Port, fields["database"], fields["username"], fields["password"]))
            : Reading.Faulty<DatabaseConnection>($"\"endpoints\" begins with {DatabagValue.Quoted(endpoint)}, not HOST:PORT");
    }

    static (string Host, int Port)? Endpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || DatabagValue.Port(text[(colon + 1)..]) is not { } port)
        {
            return null;
        }

        var host = text[..colon];
        host = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        return DatabagValue.IsHost(host) ? (host, port) : null;
    }
}
