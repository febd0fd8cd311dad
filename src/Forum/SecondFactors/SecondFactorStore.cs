using System.Text.Json.Nodes;
using Forum.Database;

namespace Forum.SecondFactors;

/// <summary>A second factor of a member; the numbers are those of user_second_factors.method.</summary>
enum SecondFactorMethod
{
    Totp = 1,
    BackupCode = 2,
    SecurityKey = 3,
}

sealed record SecondFactor(long Id, SecondFactorMethod Method, string Data, DateTime? LastUsed, string? Name);

/// <summary>The second factors of a member, and whether a code fits one.</summary>
sealed class SecondFactorStore(TimeProvider time)
{
    public static Task<List<SecondFactor>> ListAsync(SqlSession sql, int userId, CancellationToken cancellation) => sql.ListAsync("""
        SELECT id, method, data, last_used, name
        FROM user_second_factors
        WHERE user_id = $1 AND enabled
        ORDER BY id
        """, row => new SecondFactor(row.Long(0), (SecondFactorMethod)row.Int(1), row.Text(2), row.TimeOrNull(3), row.TextOrNull(4)), [userId], cancellation);

    /// <summary>Uses a code up, if it fits.</summary>
    public async Task<bool> UseAsync(SqlSession sql, IReadOnlyList<SecondFactor> factors, string code, SecondFactorMethod method, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var factor in factors.Where(factor => factor.Method == method))
        {
            if (method == SecondFactorMethod.Totp && Totp.Match(factor.Data, code, now, factor.LastUsed) is { } step)
            {
                // Only one of two requests with the same code gets here first.
                return await sql.ExecuteAsync("""
                    UPDATE user_second_factors
                    SET last_used = $2, updated_at = $3
                    WHERE id = $1 AND (last_used IS NULL OR last_used < $2)
                    """, [factor.Id, step, now], cancellation) == 1;
            }

            if (method == SecondFactorMethod.BackupCode && BackupCodes.Matches(factor.Data, code.Trim()))
            {
                return await sql.ExecuteAsync("""
                    UPDATE user_second_factors
                    SET enabled = false, last_used = $2, updated_at = $2
                    WHERE id = $1 AND enabled
                    """, [factor.Id, now], cancellation) == 1;
            }
        }

        return false;
    }

    /// <summary>What a client needs to ask for a code: the fields of a failed sign-in and of a password reset.</summary>
    public static JsonObject Describe(IReadOnlyList<SecondFactor> factors)
    {
        var totp = factors.Any(factor => factor.Method == SecondFactorMethod.Totp);
        var backup = totp && factors.Any(factor => factor.Method == SecondFactorMethod.BackupCode);
        return new JsonObject
        {
            ["backup_enabled"] = backup,
            ["security_key_enabled"] = false,
            ["totp_enabled"] = totp,
            ["multiple_second_factor_methods"] = false,
        };
    }
}
