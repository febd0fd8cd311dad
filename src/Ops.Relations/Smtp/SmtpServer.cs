using Ops.Relations.Databags;

namespace Ops.Relations.Smtp;

/// <summary>A server that sends mail for us.</summary>
/// <param name="Host">Host name or IP address.</param>
/// <param name="Port">Port, 1–65535.</param>
public sealed record SmtpServer(string Host, int Port)
{
    /// <summary>User name; null means none is needed.</summary>
    public string? User { get; init; }

    /// <summary>Password; null means none is needed. Not printed.</summary>
    public string? Password { get; init; }

    /// <summary><c>none</c> (default) or <c>plain</c>.</summary>
    public string Authentication { get; init; } = "none";

    /// <summary><c>none</c> (default), <c>tls</c> (from the first byte) or <c>starttls</c>.</summary>
    public string TransportSecurity { get; init; } = "none";

    /// <summary>Domain that mail comes from; null means the host's.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether the server's certificate goes unchecked. Default false.</summary>
    public bool SkipsVerification { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"smtp://{Host}:{Port}";

    /// <summary>Reads a provider's application databag.</summary>
    /// <param name="bag">The databag.</param>
    /// <param name="secret">The content of the secret with the given URI, or null if it is unknown or not granted yet.</param>
    public static Reading<SmtpServer> Read(
        IReadOnlyDictionary<string, string> bag, Func<string, IReadOnlyDictionary<string, string>?> secret)
    {
        if (bag.Find("host") is not { } host || bag.Find("port") is not { } portText)
        {
            return Reading.Missing<SmtpServer>("\"host\" or \"port\" is missing");
        }

        if (!DatabagValue.IsHost(host) || DatabagValue.Port(portText) is not { } port)
        {
            return Reading.Faulty<SmtpServer>($"{DatabagValue.Quoted($"{host}:{portText}")} is not a host and a port");
        }

        var security = bag.Find("transport_security") ?? "none";
        var authentication = bag.Find("auth_type") ?? "none";
        if (security is not ("none" or "tls" or "starttls") || authentication is not ("none" or "plain"))
        {
            return Reading.Faulty<SmtpServer>("\"transport_security\" or \"auth_type\" is unknown");
        }

        var password = bag.Find("password");
        if (bag.Find("password_id") is { } uri)
        {
            password = secret(uri)?.Find("password");
            if (password is null)
            {
                return Reading.Missing<SmtpServer>("the secret of the password is missing or not granted");
            }
        }

        return ((string?[])[bag.Find("user"), password, bag.Find("domain")]).All(text => text is null || DatabagValue.IsOneLine(text))
            ? Reading.Of<SmtpServer>(new(host, port)
            {
                User = bag.Find("user"),
                Password = password,
                Authentication = authentication,
                TransportSecurity = security,
                Domain = bag.Find("domain"),
                SkipsVerification = DatabagValue.Truth(bag.Find("skip_ssl_verify")) ?? false,
            })
            : Reading.Faulty<SmtpServer>("a value contains control characters");
    }
}
