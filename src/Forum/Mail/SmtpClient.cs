using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Forum.Mail;

/// <summary>
/// Hands one message to the mail server. Small and of our own, since System.Net.Mail knows neither TLS from the start nor
/// the choice of PLAIN, LOGIN and CRAM-MD5.
/// </summary>
/// <remarks>Source: RFC 5321, 3207 (STARTTLS), 4954 (AUTH), 2195 (CRAM-MD5).</remarks>
sealed class SmtpClient(MailSettings settings)
{
    /// <exception cref="SmtpException">The server refused.</exception>
    /// <exception cref="IOException">It could not be reached.</exception>
    public async Task<string> SendAsync(string from, string to, string message, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(settings.Timeout * 6);
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(settings.Address!, settings.Port, timeout.Token);
            return await SendAsync(tcp, from, to, message, timeout.Token);
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot reach the mail server {settings.Address}:{settings.Port}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"the mail server {settings.Address}:{settings.Port} did not answer in time", e);
        }
    }

    async Task<string> SendAsync(TcpClient tcp, string from, string to, string message, CancellationToken cancellation)
    {
        Stream stream = tcp.GetStream();
        if (settings.ForceTls)
        {
            stream = await SecureAsync(stream, cancellation);
        }

        var talk = new Conversation(stream);
        await talk.ExpectAsync(220, cancellation);
        var offers = await GreetAsync(talk, cancellation);
        if (settings is { EnableStartTls: true, ForceTls: false } && offers.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase))
        {
            await talk.SayAsync("STARTTLS", 220, cancellation);
            talk = new Conversation(await SecureAsync(stream, cancellation));
            await GreetAsync(talk, cancellation);
        }

        await AuthenticateAsync(talk, cancellation);
        await talk.SayAsync($"MAIL FROM:<{from}>", 250, cancellation);
        await talk.SayAsync($"RCPT TO:<{to}>", 250, cancellation);
        await talk.SayAsync("DATA", 354, cancellation);
        var answer = await talk.SayAsync(Stuffed(message) + "\r\n.", 250, cancellation);
        await talk.SayAsync("QUIT", 221, cancellation);
        return answer;
    }

    Task<string> GreetAsync(Conversation talk, CancellationToken cancellation) => talk.SayAsync($"EHLO {settings.Domain ?? "localhost"}", 250, cancellation);

    async Task<Stream> SecureAsync(Stream stream, CancellationToken cancellation)
    {
        var secure = new SslStream(stream);
        var options = new SslClientAuthenticationOptions { TargetHost = settings.Address };
        if (settings.VerifyMode == "none")
        {
#pragma warning disable CA5359 // What DISCOURSE_SMTP_OPENSSL_VERIFY_MODE=none asks for.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        await secure.AuthenticateAsClientAsync(options, cancellation);
        return secure;
    }

    async Task AuthenticateAsync(Conversation talk, CancellationToken cancellation)
    {
        if (settings.UserName is not { } user || settings.Authentication == "none")
        {
            return;
        }

        var password = settings.Password ?? "";
        switch (settings.Authentication)
        {
            case "login":
                await talk.SayAsync("AUTH LOGIN", 334, cancellation);
                await talk.SayAsync(Base64(user), 334, cancellation);
                await talk.SayAsync(Base64(password), 235, cancellation);
                break;
            case "cram_md5":
                var challenge = await talk.SayAsync("AUTH CRAM-MD5", 334, cancellation);
#pragma warning disable CA5351 // What CRAM-MD5 is made of.
                var digest = Convert.ToHexStringLower(HMACMD5.HashData(Encoding.UTF8.GetBytes(password), Convert.FromBase64String(challenge.Trim())));
#pragma warning restore CA5351
                await talk.SayAsync(Base64($"{user} {digest}"), 235, cancellation);
                break;
            default:
                await talk.SayAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", 235, cancellation);
                break;
        }
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A line that begins with a dot gets another: a lone dot ends the message.</summary>
    static string Stuffed(string message) =>
        message.ReplaceLineEndings("\r\n").TrimEnd('\r', '\n').Replace("\r\n.", "\r\n..", StringComparison.Ordinal) is var text && text.StartsWith('.') ? "." + text : text;

    sealed class Conversation(Stream stream)
    {
        readonly LineReader _reader = new(stream);

        public async Task<string> SayAsync(string line, int expected, CancellationToken cancellation)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);
            await stream.FlushAsync(cancellation);
            return await ExpectAsync(expected, cancellation);
        }

        public async Task<string> ExpectAsync(int expected, CancellationToken cancellation)
        {
            var text = new StringBuilder();
            while (true)
            {
                var line = await _reader.ReadLineAsync(cancellation) ?? throw new IOException("the mail server closed the connection");
                if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code))
                {
                    throw new SmtpException(0, line);
                }

                text.Append(line.Length > 4 ? line[4..] : "").Append('\n');
                if (line.Length > 3 && line[3] == '-')
                {
                    continue;
                }

                return code == expected || (expected == 250 && code is 251) ? text.ToString() : throw new SmtpException(code, text.ToString().Trim());
            }
        }
    }
}

/// <summary>Lines of a stream that is then read by another, after STARTTLS: it takes no byte more than the line.</summary>
sealed class LineReader(Stream stream)
{
    const int Longest = 4096;

    readonly byte[] _one = new byte[1];

    public async Task<string?> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (await stream.ReadAsync(_one, cancellation) == 1)
        {
            if (_one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            if (line.Count == Longest)
            {
                throw new IOException("the mail server wrote a line without an end");
            }

            line.Add(_one[0]);
        }

        return null;
    }
}

/// <summary>The mail server said no.</summary>
sealed class SmtpException(int code, string answer) : Exception($"the mail server answered {code}: {answer}")
{
    public int Code => code;

    /// <summary>The server will never take this message; that it did not know the forum (530 to 538) is the operator's to mend.</summary>
    public bool IsFinal => code is >= 500 and < 600 and not (>= 530 and <= 538);
}
