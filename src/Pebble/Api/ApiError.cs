namespace Pebble.Api;

/// <summary>A refused request, thrown by the rule that refuses and turned into an error reply in one place.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What the caller reads.</param>
/// <param name="kind">What a program may act on, such as "not-found"; null for none.</param>
sealed class ApiError(int status, string message, string? kind = null) : Exception(message)
{
    public int Status => status;

    public string? Kind => kind ?? (status == 401 ? "login-required" : null);

    public static ApiError BadRequest(string message) => new(400, message);

    public static ApiError Unauthorized() => new(401, "access denied");

    /// <remarks>A 404 has no kind, except where a handler documents one.</remarks>
    public static ApiError NotFound(string message) => new(404, message);

    public static ApiError Internal(string message) => new(500, message);

    public static ApiError Timeout(string message) => new(504, message);
}
