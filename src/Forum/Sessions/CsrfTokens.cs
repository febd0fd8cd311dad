using System.Security.Cryptography;
using System.Text;

namespace Forum.Sessions;

/// <summary>
/// Tokens bound to the browser's session cookie: a mask and the masked HMAC of the session's id, so that each page may show
/// another token and all stay valid as long as the session. Nothing is stored.
/// </summary>
static class CsrfTokens
{
    public const string SessionCookie = "_forum_session";
    const int Size = 32;

    public static string NewSession() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static string Create(string session, string secret)
    {
        Span<byte> token = stackalloc byte[Size * 2];
        RandomNumberGenerator.Fill(token[..Size]);
        var real = Real(session, secret);
        for (var i = 0; i < Size; i++)
        {
            token[Size + i] = (byte)(token[i] ^ real[i]);
        }

        return Convert.ToBase64String(token);
    }

    public static bool IsValid(string token, string session, string secret)
    {
        Span<byte> bytes = stackalloc byte[Size * 2];
        if (token.Length > 128 || !Convert.TryFromBase64String(token, bytes, out var length) || length != Size * 2)
        {
            return false;
        }

        Span<byte> unmasked = stackalloc byte[Size];
        for (var i = 0; i < Size; i++)
        {
            unmasked[i] = (byte)(bytes[i] ^ bytes[Size + i]);
        }

        return CryptographicOperations.FixedTimeEquals(unmasked, Real(session, secret));
    }

    static byte[] Real(string session, string secret) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("csrf:" + session));
}
