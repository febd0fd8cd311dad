using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Forum.Configuration;
using Forum.Redis;

namespace Forum.Sessions;

/// <summary>
/// The secret that all units share: DISCOURSE_SECRET_KEY_BASE when it is 128 hexadecimal digits, else the one kept in Redis
/// under SECRET_TOKEN, made by whoever comes first. Losing that Redis logs everybody out.
/// </summary>
sealed partial class SecretKey(GlobalSettings globals, RedisClient redis)
{
    const string RedisKey = "SECRET_TOKEN";

    string? _known = globals.SecretKeyBase is { } given && Hexadecimal().IsMatch(given) ? given : null;

    public async ValueTask<string> GetAsync(CancellationToken cancellation)
    {
        if (_known is { } known)
        {
            return known;
        }

        var fresh = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(64));
        await redis.SendAsync(["SET", RedisKey, fresh, "NX"], cancellation);
        return _known = (await redis.SendAsync(["GET", RedisKey], cancellation)).Text ?? fresh;
    }

    /// <summary>What a session's token is stored as: base64 of SHA-1 of token and secret, as Discourse stores it.</summary>
    public async ValueTask<string> HashTokenAsync(string token, CancellationToken cancellation)
    {
#pragma warning disable CA5350 // The stored form is Discourse's; the token is 128 random bits.
        return Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(token + await GetAsync(cancellation))));
#pragma warning restore CA5350
    }

    [GeneratedRegex("^[0-9a-f]{128}$")]
    private static partial Regex Hexadecimal();
}
