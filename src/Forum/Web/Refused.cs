namespace Forum.Web;

/// <summary>A request that a rule refuses, in Discourse's words. Translated once, by <see cref="Refusals"/>.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">error_type, or null when Discourse sends none.</param>
/// <param name="errors">Sentences for people.</param>
sealed class RefusedException(int status, string? type, params string[] errors) : Exception(string.Join("; ", errors))
{
    public int Status => status;

    public string? Type => type;

    public IReadOnlyList<string> Errors => errors;

    /// <summary>Seconds to wait, of a rate limit.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>Discourse-Rate-Limit-Error-Code.</summary>
    public string? LimitCode { get; init; }
}

/// <summary>The refusals that Discourse knows. Use: <c>throw Refused.NotFound();</c></summary>
static class Refused
{
    public static RefusedException NotFound() => new(404, "not_found", "The requested URL or resource could not be found.");

    public static RefusedException InvalidAccess(string message = "You are not permitted to view the requested resource.") =>
        new(403, "invalid_access", message);

    public static RefusedException NotLoggedIn() => new(403, "not_logged_in", "You need to be logged in to do that.");

    public static RefusedException InvalidParameters(string name) =>
        new(400, "invalid_parameters", $"You supplied invalid parameters to the request: {name}");

    /// <summary>A required parameter is absent or empty.</summary>
    public static RefusedException Missing(string name) =>
        new(400, null, $"param is missing or the value is empty or invalid: {name}");

    /// <summary>What was sent breaks a rule of its record; one sentence each.</summary>
    public static RefusedException Invalid(params string[] errors) => new(422, null, errors);

    /// <summary>As <see cref="Invalid"/>, from calls that name the record's type.</summary>
    public static RefusedException RecordInvalid(params string[] errors) => new(422, "record_invalid", errors);

    public static RefusedException ReadOnly() => new(503, "read_only", "The site is in read only mode. Interactions are disabled.");

    public static RefusedException RateLimited(TimeSpan wait, string? code) => new(
        429, "rate_limit", $"You have performed this action too many times. Please wait {Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))} seconds before trying again.")
    {
        WaitSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
        LimitCode = code,
    };

    /// <summary>What the request needs is down.</summary>
    public static RefusedException Unavailable(string message) => new(503, null, message);
}
