using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forum.Users;

namespace Forum.SecondFactors;

/// <summary>Ten codes to sign in with when the phone is lost. Each is stored as a salted hash in a row of its own, and used once.</summary>
static class BackupCodes
{
    public const int Count = 10;
    const int Iterations = 64_000;

    public static IReadOnlyList<string> Create() =>
        [.. Enumerable.Range(0, Count).Select(_ => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)))];

    /// <summary>The text of user_second_factors.data.</summary>
    public static string Store(string code)
    {
        var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new JsonObject { ["salt"] = salt, ["code_hash"] = Hash(code, salt) }.ToJsonString();
    }

    public static bool Matches(string stored, string code)
    {
        try
        {
            var data = JsonNode.Parse(stored);
            return (string?)data?["salt"] is { } salt && (string?)data["code_hash"] is { } hash
                && new PasswordHash(hash, salt, Algorithm).Matches(code);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static string Algorithm { get; } = $"$pbkdf2-sha256$i={Iterations},l=32$";

    static string Hash(string code, string salt) => Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(
        System.Text.Encoding.UTF8.GetBytes(code), System.Text.Encoding.ASCII.GetBytes(salt), Iterations, HashAlgorithmName.SHA256, 32));
}
