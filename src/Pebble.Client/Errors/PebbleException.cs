namespace Pebble.Client;

/// <summary>The root of what this client throws: catch it to handle any trouble with Pebble.</summary>
public class PebbleException : Exception
{
    /// <summary>An error with a message of ours.</summary>
    public PebbleException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public PebbleException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>The daemon can't be reached: no socket, nobody listening, or the connection broke.</summary>
/// <param name="socketPath">The socket that was tried.</param>
/// <param name="message">What happened.</param>
/// <param name="inner">The socket's own error; null if the daemon ended the connection.</param>
public sealed class PebbleConnectionException(string socketPath, string message, Exception? inner = null)
    : PebbleException(message, inner)
{
    /// <summary>The socket that was tried.</summary>
    public string SocketPath { get; } = socketPath;
}

/// <summary>What came back is not the documented protocol.</summary>
/// <param name="message">What was expected and what was found.</param>
/// <param name="inner">The parser's error, if there was one.</param>
public sealed class PebbleProtocolException(string message, Exception? inner = null) : PebbleException(message, inner);

/// <summary>Something did not happen within its time. The daemon goes on with it.</summary>
/// <param name="message">What was waited for, and how long.</param>
public sealed class PebbleTimeoutException(string message) : PebbleException(message);
