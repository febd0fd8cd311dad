using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Ops.Relations.GrafanaDashboard;

/// <summary>
/// SHAKE-128 and SHAKE-256 (FIPS 202), from which the interface makes its ids. By hand, because .NET's own would load
/// OpenSSL into a process that lives for some milliseconds; nothing here is a secret.
/// </summary>
static class Shake
{
    static readonly ulong[] RoundConstants = MakeRoundConstants();

    /// <summary>So many bytes of SHAKE-128, in hexadecimal.</summary>
    public static string Hex128(string text, int bytes) => Hex(text, rate: 168, bytes);

    /// <summary>So many bytes of SHAKE-256, in hexadecimal.</summary>
    public static string Hex256(string text, int bytes) => Hex(text, rate: 136, bytes);

    static string Hex(string text, int rate, int bytes)
    {
        var message = Encoding.UTF8.GetBytes(text);
        var padded = new byte[(message.Length / rate + 1) * rate];
        message.CopyTo(padded, 0);
        padded[message.Length] ^= 0x1F;
        padded[^1] ^= 0x80;

        var state = new ulong[25];
        for (var offset = 0; offset < padded.Length; offset += rate)
        {
            for (var lane = 0; lane < rate / 8; lane++)
            {
                state[lane] ^= BinaryPrimitives.ReadUInt64LittleEndian(padded.AsSpan(offset + lane * 8));
            }

            Permute(state);
        }

        // No id is longer than one block, so one squeeze is enough.
        var output = new byte[rate];
        for (var lane = 0; lane < rate / 8; lane++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(output.AsSpan(lane * 8), state[lane]);
        }

        return Convert.ToHexStringLower(output.AsSpan(0, bytes));
    }

    static void Permute(ulong[] a)
    {
        var column = new ulong[5];
        foreach (var constant in RoundConstants)
        {
            for (var x = 0; x < 5; x++)
            {
                column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
            }

            for (var i = 0; i < 25; i++)
            {
                a[i] ^= column[(i + 4) % 5] ^ BitOperations.RotateLeft(column[(i + 1) % 5], 1);
            }

            // Rho and pi: each lane moves to its next place, turned by the next triangular number.
            var (from, lane) = (1, a[1]);
            for (var step = 0; step < 24; step++)
            {
                var (x, y) = (from % 5, from / 5);
                from = y + 5 * ((2 * x + 3 * y) % 5);
                (lane, a[from]) = (a[from], BitOperations.RotateLeft(lane, (step + 1) * (step + 2) / 2));
            }

            for (var row = 0; row < 25; row += 5)
            {
                a.AsSpan(row, 5).CopyTo(column);
                for (var x = 0; x < 5; x++)
                {
                    a[row + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
                }
            }

            a[0] ^= constant;
        }
    }

    static ulong[] MakeRoundConstants()
    {
        // Each bit comes from the linear feedback register of the standard (section 3.2.5).
        var constants = new ulong[24];
        var register = 1;
        for (var round = 0; round < constants.Length; round++)
        {
            for (var j = 0; j <= 6; j++)
            {
                if ((register & 1) != 0)
                {
                    constants[round] |= 1UL << ((1 << j) - 1);
                }

                register = (register << 1) ^ ((register >> 7) * 0x171);
            }
        }

        return constants;
    }
}
