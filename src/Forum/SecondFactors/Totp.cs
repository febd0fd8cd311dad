using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Forum.SecondFactors;

/// <summary>One-time passwords by time: SHA-1, six digits, thirty seconds, one step of drift either way.</summary>
/// <remarks>Source: RFC 6238.</remarks>
static class Totp
{
    const int StepSeconds = 30;
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string NewSecret()
    {
        var secret = new StringBuilder();
        foreach (var b in RandomNumberGenerator.GetBytes(32))
        {
            secret.Append(Alphabet[b & 31]);
        }

        return secret.ToString();
    }

    /// <summary>When the code's step began, if it fits and is later than the last used one; else null.</summary>
    public static DateTime? Match(string secret, string code, DateTime now, DateTime? lastUsed)
    {
        code = code.Replace(" ", "", StringComparison.Ordinal);
        if (code.Length != 6 || Decode(secret) is not { } key)
        {
            return null;
        }

        var current = new DateTimeOffset(now, TimeSpan.Zero).ToUnixTimeSeconds() / StepSeconds;
        DateTime? found = null;
        for (var step = current - 1; step <= current + 1; step++)
        {
            var start = DateTimeOffset.FromUnixTimeSeconds(step * StepSeconds).UtcDateTime;
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(key, step)), Encoding.ASCII.GetBytes(code)) && (lastUsed is null || start > lastUsed))
            {
                found = start;
            }
        }

        return found;
    }

    /// <summary>The code at a moment; what an authenticator app shows.</summary>
    public static string CodeAt(string secret, DateTime time) =>
        Code(Decode(secret)!, new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeSeconds() / StepSeconds);

    static string Code(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // What authenticator apps compute.
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 15;
        var number = (BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & int.MaxValue) % 1_000_000;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }

    static byte[]? Decode(string secret)
    {
        var bytes = new List<byte>();
        int buffer = 0, bits = 0;
        foreach (var c in secret.TrimEnd('=').ToUpperInvariant())
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            buffer = ((buffer << 5) | value) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return [.. bytes];
    }
}
