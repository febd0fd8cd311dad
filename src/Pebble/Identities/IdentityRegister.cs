using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Pebble.Api;
using Pebble.State;

namespace Pebble.Identities;

/// <summary>All identities by name, kept with the state. A new register is made and swapped in whole by each request.</summary>
sealed class IdentityRegister : IStateSection
{
    const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    const string AnyUsage = "2.5.29.37.0";

    readonly DaemonState state;
    volatile SortedDictionary<string, Identity> identities = new(StringComparer.Ordinal);

    public IdentityRegister(DaemonState state)
    {
        this.state = state;
        state.AddSection(this);
    }

    public string Key => "identities";

    public bool IsData => true;

    public IReadOnlyDictionary<string, Identity> All => identities;

    /// <exception cref="FormatException">One exists already; nothing is added.</exception>
    public void Add(IReadOnlyDictionary<string, Identity?> added)
    {
        using (state.Enter())
        {
            Refuse(added.Keys.Where(identities.ContainsKey), "identities already exist");
            Swap(added);
        }
    }

    /// <exception cref="FormatException">One does not exist; nothing is changed.</exception>
    public void Update(IReadOnlyDictionary<string, Identity?> updated)
    {
        using (state.Enter())
        {
            Refuse(updated.Keys.Where(name => !identities.ContainsKey(name)), "identities do not exist");
            Swap(updated);
        }
    }

    /// <summary>Adds, changes, or removes where the value is null.</summary>
    /// <exception cref="FormatException">Two would have the same user id; nothing is changed.</exception>
    public void Replace(IReadOnlyDictionary<string, Identity?> replaced)
    {
        using (state.Enter())
        {
            Swap(replaced);
        }
    }

    /// <summary>Who sends the request by its own credentials; null if they name nobody.</summary>
    /// <remarks>Credentials that were given on purpose come first, and if they match nobody, others are not tried.</remarks>
    public Caller? FindCaller(Request request)
    {
        if (request.ClientCertificate is { } certificate)
        {
            return CallerOf(identities.FirstOrDefault(each => Matches(each.Key, each.Value, certificate)), null);
        }

        if (request.Transport != Transport.Https && request.BasicCredentials() is var (user, password) && user.Length + password.Length > 0)
        {
            return identities.TryGetValue(user, out var named) && named.PasswordHash is { } hash && Sha512Crypt.Verify(password, hash)
                ? new Caller(named.Access, null, user)
                : null;
        }

        return request.Peer is { } peer
            ? CallerOf(identities.FirstOrDefault(each => each.Value.UserId == peer.UserId), peer.UserId)
            : null;
    }

    public void Write(Utf8JsonWriter writer) => IdentityJson.Write(writer, identities, showSecrets: true);

    public void Read(JsonElement value)
    {
        var read = new SortedDictionary<string, Identity>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (Identity.Of(property.Name, JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(property.Value.GetRawText()), "identity")) is { } identity)
            {
                read[property.Name] = identity;
            }
        }

        identities = read;
    }

    static Caller? CallerOf(KeyValuePair<string, Identity> found, uint? userId) =>
        found.Value is { } identity ? new Caller(identity.Access, userId, found.Key) : null;

    bool Matches(string name, Identity identity, X509Certificate2 certificate)
    {
        if (identity.Pem is null)
        {
            return false;
        }

        using var own = X509Certificate2.CreateFromPem(identity.Pem);
        if (!own.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))
        {
            return false;
        }

        // The very certificate, but not of this time or made for something else than a client: it does not count.
        var now = state.Clock.GetUtcNow();
        var isValid = now >= certificate.NotBefore && now <= certificate.NotAfter && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().All(usage =>
            usage.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(oid => oid.Value is ClientAuthentication or AnyUsage));
        if (!isValid)
        {
            SecurityLog.Warn("authz_fail", name, "client certificate matched stored identity but has expired or is not one for clients");
        }

        return isValid;
    }

    static void Refuse(IEnumerable<string> names, string why)
    {
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        if (sorted.Length > 0)
        {
            throw new FormatException($"{why}: {string.Join(", ", sorted)}");
        }
    }

    void Swap(IReadOnlyDictionary<string, Identity?> changes)
    {
        var next = new SortedDictionary<string, Identity>(identities, StringComparer.Ordinal);
        foreach (var (name, identity) in changes)
        {
            if (identity is null)
            {
                next.Remove(name);
            }
            else
            {
                next[name] = identity;
            }
        }

        foreach (var same in next.Where(each => each.Value.UserId is not null).GroupBy(each => each.Value.UserId).Where(group => group.Count() > 1))
        {
            throw new FormatException(
                $"cannot have multiple identities with user ID {same.Key} ({string.Join(", ", same.Select(each => each.Key))})");
        }

        identities = next;
        state.MarkModified();
    }
}
