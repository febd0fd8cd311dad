using System.Net.Sockets;
using System.Text;

namespace Juju.Local.Api;

/// <summary>
/// The status as <c>status --format json</c> prints it, taken from the controller as text. No JSON is read or written here:
/// starting that machinery takes a command longer than all else it does for this.
/// </summary>
static class ReadyStatus
{
    /// <summary>Null where the usual way must be gone: no controller runs, the model's name is unusual, or the answer is an error.</summary>
    public static string? Find(ControllerHome home, string model)
    {
        if (model.Length == 0 || !model.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '/'))
        {
            return null;
        }

        const string Begin = "{\"result\":", End = "}\n";
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(home.Socket));
            socket.Send(Encoding.UTF8.GetBytes($"{{\"op\":\"StatusDocument\",\"params\":{{\"model\":\"{model}\"}}}}\n"));
            using var answer = new MemoryStream();
            var chunk = new byte[16 * 1024];
            while (socket.Receive(chunk) is > 0 and var count)
            {
                answer.Write(chunk, 0, count);
                if (chunk[count - 1] == '\n')
                {
                    var text = Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
                    return text.StartsWith(Begin, StringComparison.Ordinal) ? text[Begin.Length..^End.Length] + "\n" : null;
                }
            }
        }
        catch (SocketException)
        {
            // The usual way starts a controller, or says what is wrong.
        }

        return null;
    }
}
