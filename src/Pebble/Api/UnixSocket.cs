using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pebble.Processes;

namespace Pebble.Api;

/// <summary>The API's socket in the file system.</summary>
static class UnixSocket
{
    const int SocketLevel = 1;
    const int PeerCredentialsOption = 17;

    /// <summary>Takes the path, replacing a socket that nobody listens on any more; clients can connect once it listens.</summary>
    /// <exception cref="IOException">Somebody does, or the path cannot be used.</exception>
    public static Socket Bind(string path)
    {
        var address = new UnixDomainSocketEndPoint(path);
        if (File.Exists(path))
        {
            if (IsInUse(address))
            {
                throw new IOException($"when trying to listen on {path}: socket \"{path}\" already in use");
            }

            File.Delete(path);
        }

        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(address);
            // Anyone may connect: who may do what is decided for each request, by the caller's credentials.
            File.SetUnixFileMode(path, (UnixFileMode)0x1B6);
            return listener;
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new IOException($"when trying to listen on {path}: listen unix {path}: bind: {Libc.ErrorText(e.NativeErrorCode)}", e);
        }
    }

    public static PeerCredentials PeerOf(Socket socket)
    {
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, MemoryMarshal.AsBytes(credentials));
        return new PeerCredentials(credentials[0], (uint)credentials[1]);
    }

    static bool IsInUse(UnixDomainSocketEndPoint address)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
