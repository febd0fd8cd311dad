namespace Juju.Local.Api;

/// <summary>A request that the controller refuses, in Juju's words.</summary>
/// <param name="code">One of <see cref="ErrorCode"/>; what a caller branches on.</param>
/// <param name="message">The text after <c>ERROR </c>.</param>
sealed class ControllerException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    public static ControllerException NotFound(string message) => new(ErrorCode.NotFound, message);

    public static ControllerException AlreadyExists(string message) => new(ErrorCode.AlreadyExists, message);

    public static ControllerException BadRequest(string message) => new(ErrorCode.BadRequest, message);

    public static ControllerException Unauthorized(string message) => new(ErrorCode.Unauthorized, message);

    public static ControllerException NotSupported(string message) => new(ErrorCode.NotSupported, message);
}

/// <summary>Error codes of Juju's API.</summary>
static class ErrorCode
{
    public const string NotFound = "not found";
    public const string AlreadyExists = "already exists";
    public const string BadRequest = "bad request";
    public const string Unauthorized = "unauthorized access";
    public const string NotSupported = "not supported";
    public const string QuotaExceeded = "quota limit exceeded";
    public const string Internal = "internal error";
}
