namespace Ops.Relations.Postgresql;

/// <summary>What a provider answers a request with: a database, a user of it, and where they are.</summary>
/// <param name="Database">Name of the database that was created.</param>
/// <param name="User">User name; by convention <c>relation_id_N</c>.</param>
/// <param name="Password">Password; printed as <c>***</c>.</param>
/// <param name="Endpoints"><c>host:port</c> of the primary, first that which clients should use.</param>
public sealed record DatabaseGrant(string Database, string User, string Password, IReadOnlyList<string> Endpoints)
{
    /// <summary><c>host:port</c> of the replicas; none with one unit.</summary>
    public IReadOnlyList<string> ReadOnlyEndpoints { get; init; } = [];

    /// <summary>Version of PostgreSQL, such as <c>16.3</c>; empty if unknown.</summary>
    public string Version { get; init; } = "";

    /// <summary>The authority that signed the server's certificate, PEM; null when the server takes no TLS.</summary>
    public string? CertificateAuthority { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"postgresql://{User}:***@{string.Join(',', Endpoints)}/{Database}";

    /// <summary>The fields of the secret group <c>user</c>.</summary>
    internal IReadOnlyDictionary<string, string> UserFields => WithoutEmpty(new()
    {
        ["username"] = User,
        ["password"] = Password,
        ["uris"] = Uri(Endpoints),
        ["read-only-uris"] = Uri(ReadOnlyEndpoints),
    });

    /// <summary>The fields of the secret group <c>tls</c>, with the truth values of the interface.</summary>
    internal IReadOnlyDictionary<string, string> TlsFields => WithoutEmpty(new()
    {
        ["tls"] = CertificateAuthority is null ? "False" : "True",
        ["tls-ca"] = CertificateAuthority ?? "",
    });

    string Uri(IReadOnlyList<string> endpoints) =>
        endpoints.Count == 0 ? "" : $"postgresql://{User}:{System.Uri.EscapeDataString(Password)}@{string.Join(',', endpoints)}/{Database}";

    static Dictionary<string, string> WithoutEmpty(Dictionary<string, string> fields) =>
        fields.Where(pair => pair.Value.Length > 0).ToDictionary();
}
