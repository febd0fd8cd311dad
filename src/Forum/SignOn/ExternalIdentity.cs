using System.Text.Json.Nodes;

namespace Forum.SignOn;

/// <summary>Who an identity provider says someone is, after all that it signed was checked.</summary>
sealed record ExternalIdentity
{
    /// <summary>The name in user_associated_accounts.provider_name: oidc or saml.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's own, unchanging name of the person.</summary>
    public required string Uid { get; init; }

    public string? Email { get; init; }

    /// <summary>The provider vouches for the address, so that an account with it is theirs.</summary>
    public bool IsEmailVerified { get; init; }

    public string? Name { get; init; }

    public string? Username { get; init; }

    /// <summary>user_associated_accounts.info.</summary>
    public JsonObject Info { get; init; } = [];

    /// <summary>user_associated_accounts.extra.</summary>
    public JsonObject Extra { get; init; } = [];
}

/// <summary>How one provider's people become members.</summary>
/// <param name="MatchByEmail">An account with the same, verified address is theirs.</param>
/// <param name="CreatesAccounts">A person without an account gets one without being asked.</param>
/// <param name="OverridesEmail">The member's address follows the provider's.</param>
/// <param name="Synchronise">Brings groups and rights in line, after sign-in or sign-up; what the identity held before is the second argument.</param>
sealed record SignOnRules(
    bool MatchByEmail, bool CreatesAccounts, bool OverridesEmail, Func<int, JsonObject?, CancellationToken, Task>? Synchronise = null);

/// <summary>What can go wrong on the way to a provider and back; the person sees a page with the reason.</summary>
sealed class SignOnException(string message) : Exception(message);
