using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Forum.Users;

/// <summary>A password as Discourse stores it: PBKDF2 with HMAC-SHA256; the salt is the text of its hexadecimal digits, not the bytes they spell.</summary>
/// <remarks>Source: the reference on authentication, "Passwords".</remarks>
sealed record PasswordHash(string Hash, string Salt, string Algorithm)
{
    public const int Iterations = 600_000;
    const int SizeBytes = 32;

    public static string CurrentAlgorithm { get; } = string.Create(CultureInfo.InvariantCulture, $"$pbkdf2-sha256$i={Iterations},l={SizeBytes}$");

    public bool IsCurrent => Algorithm == CurrentAlgorithm;

    public static PasswordHash Create(string password)
    {
        var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new PasswordHash(Derive(password, salt, Iterations), salt, CurrentAlgorithm);
    }

    public bool Matches(string password) => IterationsOf(Algorithm) is { } iterations
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Derive(password, Salt, iterations)), Encoding.ASCII.GetBytes(Hash));

    static string Derive(string password, string salt, int iterations) => Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(password), Encoding.ASCII.GetBytes(salt), iterations, HashAlgorithmName.SHA256, SizeBytes));

    static int? IterationsOf(string algorithm)
    {
        const string Start = "$pbkdf2-sha256$i=";
        return algorithm.StartsWith(Start, StringComparison.Ordinal)
            && int.TryParse(algorithm[Start.Length..].Split(',')[0], CultureInfo.InvariantCulture, out var iterations)
            && iterations is > 0 and <= 10_000_000 ? iterations : null;
    }
}

/// <summary>Does the slow arithmetic on threads of its own, a few at a time, so that many sign-ins can't starve the requests of others.</summary>
sealed class PasswordWork : IDisposable
{
    readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount - 1));

    public Task<PasswordHash> HashAsync(string password, CancellationToken cancellation) => RunAsync(() => PasswordHash.Create(password), cancellation);

    public Task<bool> MatchesAsync(PasswordHash hash, string password, CancellationToken cancellation) => RunAsync(() => hash.Matches(password), cancellation);

    public void Dispose() => _slots.Dispose();

    async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _slots.Release();
        }
    }
}
