using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Servers;

/// <summary>A message as the server took it.</summary>
/// <param name="From">The envelope's sender.</param>
/// <param name="To">The envelope's recipient.</param>
/// <param name="Text">Headers and body, with the dots that the client doubled made single again.</param>
/// <param name="Authentication">PLAIN, LOGIN or CRAM-MD5; null without.</param>
/// <param name="IsSecure">The message came over TLS.</param>
public sealed record ReceivedMail(string From, string To, string Text, string? Authentication, bool IsSecure);

/// <summary>A mail server on a free loopback port, which speaks SMTP with STARTTLS or TLS from the start, and the three ways to authenticate.</summary>
/// <remarks>Source: RFC 5321, 3207, 4954, 2195.</remarks>
public sealed class SmtpServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _ending = new();
    readonly X509Certificate2 _certificate = MakeCertificate();
    readonly List<ReceivedMail> _mails = [];

    public SmtpServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Who may send; null: anyone.</summary>
    public (string User, string Password)? Account { get; init; }

    public bool OffersStartTls { get; init; }

    public bool IsSecureFromStart { get; init; }

    /// <summary>Answers to RCPT by address, such as "550 no such mailbox".</summary>
    public Dictionary<string, Queue<string>> Refusals { get; } = [];

    public IReadOnlyList<ReceivedMail> Mails
    {
        get
        {
            lock (_mails)
            {
                return [.. _mails];
            }
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        _certificate.Dispose();
        _ending.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (IsSecureFromStart)
            {
                stream = await SecureAsync(stream);
            }

            await SayAsync(stream, "220 mail.test ESMTP");
            await TalkAsync(stream, IsSecureFromStart);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went.
        }
    }

    async Task TalkAsync(Stream stream, bool isSecure)
    {
        string from = "", to = "";
        string? authentication = null;
        while (await LineAsync(stream) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await SayAsync(stream, "250-mail.test");
                    if (OffersStartTls && !isSecure)
                    {
                        await SayAsync(stream, "250-STARTTLS");
                    }

                    await SayAsync(stream, "250 AUTH PLAIN LOGIN CRAM-MD5");
                    break;
                case "STARTTLS" when OffersStartTls && !isSecure:
                    await SayAsync(stream, "220 go ahead");
                    stream = await SecureAsync(stream);
                    isSecure = true;
                    break;
                case "AUTH":
                    authentication = line.Split(' ')[1].ToUpperInvariant();
                    await SayAsync(stream, await IsRightAsync(stream, line, authentication) ? "235 welcome" : "535 who are you");
                    break;
                case "MAIL":
                    from = line.Split('<', '>')[1];
                    await SayAsync(stream, Account is not null && authentication is null ? "530 authenticate first" : "250 ok");
                    break;
                case "RCPT":
                    to = line.Split('<', '>')[1];
                    await SayAsync(stream, Refusals.TryGetValue(to, out var answers) && answers.TryDequeue(out var answer) ? answer : "250 ok");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 end with a dot");
                    var text = await DataAsync(stream);
                    lock (_mails)
                    {
                        _mails.Add(new ReceivedMail(from, to, text, authentication, isSecure));
                    }

                    await SayAsync(stream, "250 queued as 12345");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "502 not known");
                    break;
            }
        }
    }

    async Task<bool> IsRightAsync(Stream stream, string line, string method)
    {
        var (user, password) = Account ?? ("", "");
        switch (method)
        {
            case "PLAIN":
                return Text(line.Split(' ')[2]) == $"\0{user}\0{password}";
            case "LOGIN":
                await SayAsync(stream, "334 VXNlcm5hbWU6");
                var given = Text(await LineAsync(stream) ?? "");
                await SayAsync(stream, "334 UGFzc3dvcmQ6");
                return given == user && Text(await LineAsync(stream) ?? "") == password;
            case "CRAM-MD5":
                const string Challenge = "<1896.697170952@mail.test>";
                await SayAsync(stream, "334 " + Convert.ToBase64String(Encoding.ASCII.GetBytes(Challenge)));
#pragma warning disable CA5351 // What CRAM-MD5 is made of.
                var digest = Convert.ToHexStringLower(HMACMD5.HashData(Encoding.UTF8.GetBytes(password), Encoding.ASCII.GetBytes(Challenge)));
#pragma warning restore CA5351
                return Text(await LineAsync(stream) ?? "") == $"{user} {digest}";
            default:
                return false;
        }
    }

    async Task<string> DataAsync(Stream stream)
    {
        var lines = new List<string>();
        while (await LineAsync(stream) is { } line && line != ".")
        {
            lines.Add(line.StartsWith('.') ? line[1..] : line);
        }

        return string.Join("\r\n", lines);
    }

    async Task<Stream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _ending.Token);
        return secure;
    }

    async Task SayAsync(Stream stream, string line)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _ending.Token);
        await stream.FlushAsync(_ending.Token);
    }

    async Task<string?> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _ending.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }

    static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
