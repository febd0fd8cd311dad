using System.Globalization;
using System.Text;

namespace Forum.Redis;

/// <summary>One word of a command: text, bytes or a number.</summary>
readonly struct RedisArgument(ReadOnlyMemory<byte> bytes)
{
    public ReadOnlyMemory<byte> Bytes => bytes;

    public static implicit operator RedisArgument(string text) => new(Encoding.UTF8.GetBytes(text));

    public static implicit operator RedisArgument(byte[] bytes) => new(bytes);

    public static implicit operator RedisArgument(long number) => number.ToString(CultureInfo.InvariantCulture);
}
