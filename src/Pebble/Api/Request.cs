using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pebble.Api;

/// <summary>One HTTP request: its head, and its body as a stream.</summary>
sealed class Request
{
    public required string Method { get; init; }

    /// <summary>Decoded, without the query.</summary>
    public required string Path { get; init; }

    public required Query Query { get; init; }

    /// <summary>Path and query as sent.</summary>
    public required string Target { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required Transport Transport { get; init; }

    public PeerCredentials? Peer { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Empty when there is none.</summary>
    public required Stream Body { get; init; }

    /// <summary>Null for anonymous callers, which only open routes admit.</summary>
    public Caller? Caller { get; set; }

    public IReadOnlyDictionary<string, string> Variables { get; set; } = new Dictionary<string, string>();

    /// <summary>What stands in the path where the route has {name}.</summary>
    public string Variable(string name) => Variables[name];

    /// <summary>The first header of that name (in any case), or an empty string.</summary>
    public string Header(string name)
    {
        foreach (var (each, value) in Headers)
        {
            if (each.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return "";
    }

    /// <summary>User and password of basic authentication, or null.</summary>
    public (string User, string Password)? BasicCredentials()
    {
        const string Scheme = "Basic ";
        var header = Header("Authorization");
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..], bytes, out var count))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes[..count]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary>The body as a JSON object; the caller disposes it.</summary>
    /// <param name="refusal">Begins the message of a 400, such as "cannot decode request body".</param>
    /// <param name="cancellation">Cancelled when the client has gone.</param>
    /// <param name="type">See <see cref="JsonBody.Parse"/>.</param>
    public async ValueTask<JsonBody> ReadJsonAsync(string refusal, CancellationToken cancellation, string type = "")
    {
        const int MostBytes = 64 << 20;
        using var bytes = new MemoryStream();
        var chunk = new byte[8192];
        int count;
        while ((count = await Body.ReadAsync(chunk, cancellation)) > 0)
        {
            bytes.Write(chunk, 0, count);
            if (bytes.Length > MostBytes)
            {
                throw new ApiError(413, $"{refusal}: body is larger than {MostBytes} bytes");
            }
        }

        return JsonBody.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), refusal, type);
    }
}
