using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pebble.Identities;

/// <summary>Password hashes of the form $6$[rounds=N$]SALT$HASH, as "openssl passwd -6" makes them.</summary>
/// <remarks>Source: "Unix crypt using SHA-256 and SHA-512", Ulrich Drepper, version 0.6.</remarks>
static class Sha512Crypt
{
    const string Prefix = "$6$";
    const string RoundsPrefix = "rounds=";
    const int DefaultRounds = 5000;
    const int LeastRounds = 1000;
    const int MostRounds = 999_999_999;
    const int MostSaltBytes = 16;
    const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>True if the password has this hash; false also if it is no such hash.</summary>
    public static bool Verify(string password, string hash)
    {
        if (!hash.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = hash[Prefix.Length..];
        var rounds = DefaultRounds;
        if (rest.StartsWith(RoundsPrefix, StringComparison.Ordinal))
        {
            var end = rest.IndexOf('$', StringComparison.Ordinal);
            if (end < 0 || !int.TryParse(rest[RoundsPrefix.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out rounds))
            {
                return false;
            }

            rounds = Math.Clamp(rounds, LeastRounds, MostRounds);
            rest = rest[(end + 1)..];
        }

        var dollar = rest.IndexOf('$', StringComparison.Ordinal);
        if (dollar < 0)
        {
            return false;
        }

        var salt = rest[..Math.Min(dollar, MostSaltBytes)];
        var made = Hash(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), rounds);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(made), Encoding.UTF8.GetBytes(rest[(dollar + 1)..]));
    }

    static string Hash(byte[] password, byte[] salt, int rounds)
    {
        var b = SHA512.HashData([.. password, .. salt, .. password]);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        sha.AppendData(password);
        sha.AppendData(salt);
        sha.AppendData(Repeat(b, password.Length));
        for (var bits = password.Length; bits > 0; bits >>= 1)
        {
            sha.AppendData((bits & 1) != 0 ? b : password);
        }

        var a = sha.GetHashAndReset();
        for (var i = 0; i < password.Length; i++)
        {
            sha.AppendData(password);
        }

        var p = Repeat(sha.GetHashAndReset(), password.Length);
        for (var i = 0; i < 16 + a[0]; i++)
        {
            sha.AppendData(salt);
        }

        var s = Repeat(sha.GetHashAndReset(), salt.Length);
        var c = a;
        for (var round = 0; round < rounds; round++)
        {
            var odd = (round & 1) != 0;
            sha.AppendData(odd ? p : c);
            if (round % 3 != 0)
            {
                sha.AppendData(s);
            }

            if (round % 7 != 0)
            {
                sha.AppendData(p);
            }

            sha.AppendData(odd ? c : p);
            c = sha.GetHashAndReset();
        }

        return Encode(c);
    }

    static byte[] Repeat(byte[] block, int length)
    {
        var repeated = new byte[length];
        for (var i = 0; i < length; i++)
        {
            repeated[i] = block[i % block.Length];
        }

        return repeated;
    }

    /// <summary>Three bytes make four characters; the order of the bytes is the specification's, a rotation by 21.</summary>
    static string Encode(byte[] c)
    {
        var text = new StringBuilder(86);
        for (var i = 0; i < 21; i++)
        {
            var (x, y, z) = (i, i + 21, i + 42);
            var (first, second, third) = (i % 3) switch
            {
                0 => (x, y, z),
                1 => (y, z, x),
                _ => (z, x, y),
            };
            Append((c[first] << 16) | (c[second] << 8) | c[third], 4);
        }

        Append(c[63], 2);
        return text.ToString();

        void Append(int value, int characters)
        {
            for (var i = 0; i < characters; i++)
            {
                text.Append(Alphabet[value & 0x3f]);
                value >>= 6;
            }
        }
    }
}
