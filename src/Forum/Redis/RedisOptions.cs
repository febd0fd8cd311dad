using Forum.Configuration;

namespace Forum.Redis;

/// <summary>How to reach Redis.</summary>
sealed record RedisOptions
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public int Database { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public bool UseSsl { get; init; }

    /// <summary>How long a command, or connecting, may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public static RedisOptions From(GlobalSettings globals) => new()
    {
        Host = globals.Text("redis_host", "localhost") ?? "localhost",
        Port = globals.Number("redis_port", 6379),
        Database = globals.Number("redis_db", 0),
        Username = globals.Text("redis_username", null),
        Password = globals.Text("redis_password", null),
        UseSsl = globals.Flag("redis_use_ssl", false),
    };
}
