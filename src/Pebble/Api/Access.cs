namespace Pebble.Api;

/// <summary>What a caller may do, from least to most. The names are those of identities.</summary>
enum AccessLevel
{
    Untrusted,
    Metrics,
    Read,
    Admin,
}

/// <summary>Who may use a route.</summary>
enum Access
{
    /// <summary>Anyone, over any transport.</summary>
    Open,

    /// <summary>Callers that may read, over the Unix socket or HTTPS.</summary>
    User,

    /// <summary>Administrators, over the Unix socket or HTTPS.</summary>
    Admin,

    /// <summary>Callers that may read metrics; over plain HTTP only those with exactly that access.</summary>
    Metrics,

    /// <summary>Only during a pairing window, which this daemon never opens.</summary>
    Pairing,
}

enum Transport
{
    UnixSocket,
    Http,
    Https,
}

/// <summary>Who sends a request.</summary>
/// <param name="Level">What they may do.</param>
/// <param name="UserId">Null when known by name only (basic and certificate identities).</param>
/// <param name="Name">The identity's name, if there is one.</param>
sealed record Caller(AccessLevel Level, uint? UserId, string? Name);

static class AccessRules
{
    public static bool Allows(this Access access, Caller? caller, Transport transport)
    {
        if (access == Access.Open)
        {
            return true;
        }

        if (caller is null || access == Access.Pairing)
        {
            return false;
        }

        if (transport == Transport.Http)
        {
            return access == Access.Metrics && caller.Level == AccessLevel.Metrics;
        }

        return access switch
        {
            Access.Admin => caller.Level == AccessLevel.Admin,
            Access.User => caller.Level is AccessLevel.Read or AccessLevel.Admin,
            Access.Metrics => caller.Level is AccessLevel.Metrics or AccessLevel.Read or AccessLevel.Admin,
            _ => false,
        };
    }

    /// <summary>The caller without an identity: root and the daemon's own user administrate, other local users read.</summary>
    public static Caller? OfPeer(PeerCredentials? peer, uint daemonUser) => peer switch
    {
        null => null,
        { UserId: var user } when user == 0 || user == daemonUser => new Caller(AccessLevel.Admin, user, null),
        { UserId: var user } => new Caller(AccessLevel.Read, user, null),
    };
}

/// <summary>The process at the other end of a Unix socket, as the kernel knows it.</summary>
readonly record struct PeerCredentials(int ProcessId, uint UserId);
