using System.Security.Cryptography;
using Ops;

namespace PostgresqlK8s;

/// <summary>Passwords of the charm's own roles.</summary>
sealed record Passwords(string Operator, string Replication)
{
    public override string ToString() => "***";
}

/// <summary>What the units tell each other: who is the primary, and, in a secret, the passwords of the charm's own roles.</summary>
sealed class Cluster(CharmBase charm)
{
    const string Label = "database-peers.app";
    const string OperatorKey = "operator-password";
    const string ReplicationKey = "replication-password";

    Relation? Peers => charm.Model.GetRelation("database-peers");

    /// <summary>
    /// The unit whose server takes writes: the one that was promoted last, else whom the leader named; null until then. A unit
    /// that was promoted must not follow the old primary again because the leader has not noticed yet.
    /// </summary>
    public string? Primary => LatestPromoted ?? Peers?.Data[charm.App].Find("primary");

    public bool IsPrimary => Primary == charm.Unit.Name;

    /// <summary>The primary's address; null while it is unknown.</summary>
    public string? PrimaryAddress => Primary is { } primary ? AddressOf(primary) : null;

    /// <summary>Addresses of the units whose servers follow the primary.</summary>
    public IReadOnlyList<string> StandbyAddresses =>
        [.. Members.Where(m => m != Primary && IsStandby(m)).Order(StringComparer.Ordinal).Select(AddressOf).OfType<string>()];

    IEnumerable<string> Members => Peers is { } peers ? [charm.Unit.Name, .. peers.Units.Select(u => u.Name)] : [];

    /// <summary>Leader: names the primary, at first itself, and another unit if the primary is gone or one was promoted.</summary>
    public void Lead()
    {
        if (Peers is not { } peers)
        {
            return;
        }

        if (FindPasswords() is null)
        {
            var secret = charm.App.AddSecret(
                new Dictionary<string, string> { [OperatorKey] = RandomPassword(), [ReplicationKey] = RandomPassword() },
                new SecretOptions { Label = Label, Description = "passwords of the roles operator and replication" });
            peers.Data[charm.App]["secret"] = secret.Id!;
        }

        if (LatestPromoted is { } latest)
        {
            peers.Data[charm.App]["primary"] = latest;
            peers.Data[charm.App]["promotion"] = PromotionOf(latest).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        else if (Primary is null || !Members.Contains(Primary))
        {
            peers.Data[charm.App]["primary"] = charm.Unit.Name;
        }
    }

    /// <summary>Says that this unit was promoted; the leader makes it the primary of all.</summary>
    public void ClaimPrimary()
    {
        if (Peers is { } peers)
        {
            peers.Data[charm.Unit]["promotion"] = (Promotion + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Says whether this unit's server follows the primary, and can be read from.</summary>
    public void TellRole(bool isStandby)
    {
        if (Peers is { } peers)
        {
            peers.Data[charm.Unit]["role"] = isStandby ? "standby" : "primary";
        }
    }

    /// <summary>The passwords; null until the leader has made them.</summary>
    public Passwords? FindPasswords()
    {
        if (Peers?.Data[charm.App].Find("secret") is not { } id)
        {
            return null;
        }

        var content = charm.Model.GetSecret(id).GetContent();
        return new Passwords(content[OperatorKey], content[ReplicationKey]);
    }

    /// <summary>Leader: keeps new passwords.</summary>
    public void SetPasswords(Passwords passwords)
    {
        charm.Model.GetSecret(Peers!.Data[charm.App]["secret"]).SetContent(
            new Dictionary<string, string> { [OperatorKey] = passwords.Operator, [ReplicationKey] = passwords.Replication });
    }

    /// <summary>24 letters and digits.</summary>
    public static string RandomPassword() =>
        RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 24);

    // A unit that was promoted counts its promotions from the last one it knew of: the highest count is the latest.
    string? LatestPromoted => Members.MaxBy(PromotionOf) is { } unit && PromotionOf(unit) > Promotion ? unit : null;

    int Promotion => Number(Peers?.Data[charm.App].Find("promotion"));

    int PromotionOf(string unit) => Number(Find(unit, "promotion"));

    bool IsStandby(string unit) => Find(unit, "role") == "standby";

    string? AddressOf(string unit) => unit == charm.Unit.Name
        ? charm.Model.GetBinding("database-peers").Network.BindAddress
        : Find(unit, "ingress-address") ?? Find(unit, "private-address");

    string? Find(string unit, string key) => Peers is { } peers && Members.Contains(unit) ? peers.Data[charm.Model.GetUnit(unit)].Find(key) : null;

    static int Number(string? text) => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;
}
