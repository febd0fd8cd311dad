using Ops.Relations.Databags;

namespace Ops.Relations.Postgresql;

/// <summary>What a requirer asks of a database provider, as the provider reads it.</summary>
/// <param name="Database">Name of the database to create; letters, digits, <c>_ - .</c>, up to 63 characters.</param>
/// <param name="ExtraUserRoles">Roles such as <c>SUPERUSER</c> that the user is to have; usually none.</param>
/// <param name="RequestedSecrets">
/// Names of fields that must travel in secrets, such as <c>username</c>; empty for an older requirer, which reads plain keys.
/// </param>
/// <param name="IsExternal">Whether the endpoints must be reachable from outside the cluster.</param>
public sealed record DatabaseRequest(
    string Database, IReadOnlyList<string> ExtraUserRoles, IReadOnlyList<string> RequestedSecrets, bool IsExternal)
{
    /// <summary>Longest name that PostgreSQL keeps, in bytes.</summary>
    const int LongestName = 63;

    /// <summary>Reads a requirer's application databag.</summary>
    public static Reading<DatabaseRequest> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("database") is not { } database)
        {
            return Reading.Missing<DatabaseRequest>("\"database\" is missing");
        }

        if (database.Length > LongestName || !database.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            return Reading.Faulty<DatabaseRequest>($"\"database\" is {DatabagValue.Quoted(database)}, not the name of a database");
        }

        IReadOnlyList<string>? secrets = [];
        if (bag.Find("requested-secrets") is { } requested)
        {
            secrets = DatabagValue.StringList(requested);
        }

        if (secrets is null)
        {
            return Reading.Faulty<DatabaseRequest>("\"requested-secrets\" is not a JSON list of names");
        }

        string[] roles = [.. (bag.Find("extra-user-roles") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return Reading.Of<DatabaseRequest>(
            new(database, roles, secrets, DatabagValue.Truth(bag.Find("external-node-connectivity")) ?? false));
    }
}
