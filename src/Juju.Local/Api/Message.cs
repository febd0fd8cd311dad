using System.Text.Json;

namespace Juju.Local.Api;

/// <summary>One line of JSON from a client, in the shape of Juju's own API messages.</summary>
sealed record Request
{
    /// <summary>The operation, such as <c>Deploy</c>.</summary>
    public required string Op { get; init; }

    /// <summary>The operation's request record; absent for those without.</summary>
    public JsonElement? Params { get; init; }
}

/// <summary>One line of JSON to a client: a result, or an error with its code.</summary>
sealed record Response
{
    public JsonElement? Result { get; init; }

    public string? Error { get; init; }

    public string? ErrorCode { get; init; }
}
