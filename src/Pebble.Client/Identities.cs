using System.Text.Json.Serialization;

namespace Pebble.Client;

/// <summary>What an identity may do.</summary>
[JsonConverter(typeof(WireNames.Access))]
public enum IdentityAccess
{
    /// <summary>Only what is open to everyone.</summary>
    Untrusted,

    /// <summary>The metrics, and what is open to everyone.</summary>
    Metrics,

    /// <summary>All that only reads.</summary>
    Read,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>Who may do what: an access, and at least one way to be recognised.</summary>
public sealed record Identity
{
    /// <summary>What it may do.</summary>
    public required IdentityAccess Access { get; init; }

    /// <summary>Recognised by the peer credentials of the unix socket; null: not so.</summary>
    public LocalIdentity? Local { get; init; }

    /// <summary>Recognised by name and password; null: not so.</summary>
    public BasicIdentity? Basic { get; init; }

    /// <summary>Recognised by a TLS client certificate; null: not so.</summary>
    public CertIdentity? Cert { get; init; }
}

/// <summary>Recognised by a user id.</summary>
/// <param name="UserId">The id of the process that connects.</param>
public sealed record LocalIdentity(uint UserId);

/// <summary>Recognised by HTTP basic authentication, its name being the user name.</summary>
/// <param name="Password">A sha512-crypt hash, as "openssl passwd -6" makes; the daemon shows "*****".</param>
public sealed record BasicIdentity(string Password);

/// <summary>Recognised by a certificate.</summary>
/// <param name="Pem">The certificate, PEM; the daemon shows "*****".</param>
public sealed record CertIdentity(string Pem);

public sealed partial class PebbleClient
{
    /// <summary>All identities by name.</summary>
    public async Task<IReadOnlyDictionary<string, Identity>> ListIdentitiesAsync(CancellationToken cancellation) =>
        await GetAsync("/v1/identities", Wire.Default.ReplyDictionaryStringIdentity, cancellation).ConfigureAwait(false);

    /// <summary>Adds identities.</summary>
    /// <exception cref="PebbleApiException">One exists already; then none is added.</exception>
    public Task AddIdentitiesAsync(IReadOnlyDictionary<string, Identity> identities, CancellationToken cancellation) =>
        ActOnIdentitiesAsync("add", identities.Select(i => KeyValuePair.Create(i.Key, (Identity?)i.Value)), cancellation);

    /// <summary>Changes identities.</summary>
    /// <exception cref="PebbleApiException">One does not exist; then none is changed.</exception>
    public Task UpdateIdentitiesAsync(IReadOnlyDictionary<string, Identity> identities, CancellationToken cancellation) =>
        ActOnIdentitiesAsync("update", identities.Select(i => KeyValuePair.Create(i.Key, (Identity?)i.Value)), cancellation);

    /// <summary>Adds or changes identities, and removes those that are null.</summary>
    public Task ReplaceIdentitiesAsync(IReadOnlyDictionary<string, Identity?> identities, CancellationToken cancellation) =>
        ActOnIdentitiesAsync("replace", identities, cancellation);

    /// <summary>Removes identities.</summary>
    /// <exception cref="PebbleApiException">One does not exist; then none is removed.</exception>
    public Task RemoveIdentitiesAsync(IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        ActOnIdentitiesAsync("remove", names.Select(name => KeyValuePair.Create(name, (Identity?)null)), cancellation);

    async Task ActOnIdentitiesAsync(
        string action, IEnumerable<KeyValuePair<string, Identity?>> identities, CancellationToken cancellation) =>
        await PostAsync(
            "/v1/identities", new IdentitiesRequest(action, new(identities)), Wire.Default.IdentitiesRequest, Wire.Default.ReplyJsonElement, cancellation)
            .ConfigureAwait(false);
}
