using System.Security.Cryptography;

namespace Discourse;

/// <summary>Random passwords for new users.</summary>
static class NewPassword
{
    /// <summary>In characters; an admin's must have 15 or more.</summary>
    const int Length = 16;

    const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static string Make() => RandomNumberGenerator.GetString(Alphabet, Length);
}
