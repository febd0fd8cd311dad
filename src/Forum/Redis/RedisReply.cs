using System.Globalization;
using System.Text;

namespace Forum.Redis;

/// <summary>One reply of RESP3. Integers and booleans are in <see cref="Number"/>, text in <see cref="Bytes"/>, collections in <see cref="Items"/>.</summary>
sealed class RedisReply
{
    public static readonly RedisReply Null = new();

    public byte[]? Bytes { get; init; }

    public long Number { get; init; }

    public RedisReply[]? Items { get; init; }

    public bool IsError { get; init; }

    /// <summary>A message that no command asked for: publish-subscribe.</summary>
    public bool IsPush { get; init; }

    public bool IsNull => Bytes is null && Items is null && Number == 0 && !IsNumber;

    public bool IsNumber { get; init; }

    public string? Text => Bytes is null ? IsNumber ? Number.ToString(CultureInfo.InvariantCulture) : null : Encoding.UTF8.GetString(Bytes);

    /// <summary>The reply as a number, whichever way Redis wrote it; 0 when there is none.</summary>
    public long AsNumber => IsNumber ? Number : long.TryParse(Text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <summary>Redis answered with an error.</summary>
sealed class RedisErrorException(string message) : Exception(message);

/// <summary>Redis can't be reached or did not answer in time.</summary>
sealed class RedisUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
