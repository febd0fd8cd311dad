using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Juju.Local.Api;

/// <summary>
/// The status as <c>status</c> prints it, taken from the controller as text. No JSON is read or written here: starting that
/// machinery takes a command longer than all else it does for this.
/// </summary>
sealed class ReadyStatus(ControllerHome home, string model)
{
    const string Begin = "{\"result\":", End = "}\n";

    /// <summary>As JSON. Null where the usual way must be gone: no controller runs, the model's name is unusual, or the answer is an error.</summary>
    public string? FindJson() => Ask("StatusDocument", "") is { } json ? json + "\n" : null;

    /// <summary>As <c>short</c> or <c>tabular</c>. Empty for a model without applications, of which there is more to say.</summary>
    public string? FindText(string format, bool withRelations, bool withStorage, bool colour)
    {
        var parameters = $",\"format\":\"{format}\",\"relations\":{Word(withRelations)},\"storage\":{Word(withStorage)},\"colour\":{Word(colour)}";
        return Ask("StatusText", parameters) is ['"', .. var text, '"'] ? Unescape(text) : null;

        static string Word(bool flag) => flag ? "true" : "false";
    }

    string? Ask(string operation, string parameters)
    {
        if (model.Length == 0 || !model.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '/'))
        {
            return null;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(home.Socket));
            socket.Send(Encoding.UTF8.GetBytes($"{{\"op\":\"{operation}\",\"params\":{{\"model\":\"{model}\"{parameters}}}}}\n"));
            using var answer = new MemoryStream();
            var chunk = new byte[16 * 1024];
            while (socket.Receive(chunk) is > 0 and var count)
            {
                answer.Write(chunk, 0, count);
                if (chunk[count - 1] == '\n')
                {
                    var text = Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
                    return text.StartsWith(Begin, StringComparison.Ordinal) ? text[Begin.Length..^End.Length] : null;
                }
            }
        }
        catch (SocketException)
        {
            // The usual way starts a controller, or says what is wrong.
        }

        return null;
    }

    // What is between the quotes of a JSON string.
    static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            var letter = text[++i];
            plain.Append(letter switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)int.Parse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                _ => letter,
            });
            i += letter == 'u' ? 4 : 0;
        }

        return plain.ToString();
    }
}
