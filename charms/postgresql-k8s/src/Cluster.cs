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

    /// <summary>Whether the primary's unit is there, and not on its way out.</summary>
    public bool HasPrimary => Primary is { } primary && Members.Contains(primary);

    /// <summary>Whether this unit is being removed.</summary>
    public bool IsLeaving => Find(charm.Unit.Name, "leaving") is not null;

    /// <summary>The primary's address, also of one whose unit is leaving; null while it is unknown.</summary>
    public string? PrimaryAddress => Primary is not { } primary ? null
        : AddressOf(primary) ?? (primary == Peers?.Data[charm.App].Find("primary") ? Peers.Data[charm.App].Find("primary-address") : null);

    /// <summary>The units whose servers follow the primary.</summary>
    public IReadOnlyList<(string Name, string Address)> Standbys =>
        [.. from unit in Members.Order(StringComparer.Ordinal)
            where unit != Primary && IsStandby(unit) && AddressOf(unit) is not null
            select (unit, AddressOf(unit))];

    /// <summary>The unit that the event tells the departure of; it is still among the relation's units then.</summary>
    public string? Departed { get; set; }

    IEnumerable<string> Members => Peers is { } peers ? [charm.Unit.Name, .. peers.Units.Select(u => u.Name).Where(unit => unit != Departed)] : [];

    /// <summary>Leader: names the primary: at first itself, then the unit that was promoted, or a successor if the primary's unit goes.</summary>
    /// <param name="findSuccessor">A unit that has the primary's data; null if there is none, and then the primary stays named.</param>
    public void Lead(Func<string?> findSuccessor)
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
        else if (Primary is null)
        {
            peers.Data[charm.App]["primary"] = charm.Unit.Name;
        }
        else if (!HasPrimary && findSuccessor() is { } successor)
        {
            peers.Data[charm.App]["primary"] = successor;
        }

        // Its standbys still need it when its unit is leaving and its own data can't be read any more.
        if (HasPrimary && AddressOf(Primary!) is { } address)
        {
            peers.Data[charm.App]["primary-address"] = address;
        }
    }

    /// <summary>Says that this unit is being removed.</summary>
    public void Leave()
    {
        if (Peers is { } peers)
        {
            peers.Data[charm.Unit]["leaving"] = "true";
        }
    }

    /// <summary>Addresses of the other units, the one included that the event is about.</summary>
    public IReadOnlyList<string> OtherAddresses(RelationDepartedEvent departed)
    {
        IEnumerable<string?> addresses = [Address(departed.Relation.Data[departed.Unit]), .. Members.Where(unit => unit != charm.Unit.Name).Select(AddressOf)];
        return [.. addresses.OfType<string>().Distinct()];
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
        : Peers is { } peers && Members.Contains(unit) ? Address(peers.Data[charm.Model.GetUnit(unit)]) : null;

    static string? Address(RelationDataContent bag) => bag.Find("ingress-address") ?? bag.Find("private-address");

    string? Find(string unit, string key) => Peers is { } peers && Members.Contains(unit) ? peers.Data[charm.Model.GetUnit(unit)].Find(key) : null;

    static int Number(string? text) => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;
}
