namespace Pebble.Api;

/// <summary>Answers one request. Throws <see cref="ApiError"/> to refuse it.</summary>
/// <param name="daemon">The parts of the daemon.</param>
/// <param name="request">What was asked.</param>
/// <param name="cancellation">Cancelled when the client has gone or the daemon stops.</param>
delegate ValueTask<Reply> Handler(Daemon daemon, Request request, CancellationToken cancellation);

/// <summary>A path of the API with its handlers and who may use them.</summary>
/// <param name="Path">Segments in braces match one segment each and become <see cref="Request.Variable"/>.</param>
sealed record Route(string Path)
{
    readonly string[] segments = Path.Split('/');

    public Access Read { get; init; } = Access.Admin;

    public Access Write { get; init; } = Access.Admin;

    public Handler? Get { get; init; }

    public Handler? Post { get; init; }

    /// <summary>GET never waits for anything but short locks, so it may run where requests are read.</summary>
    public bool IsQuick { get; init; }

    /// <summary>GET may wait long for something to happen, so it ends early when the client goes.</summary>
    public bool Waits { get; init; }

    /// <summary>GET shows nothing of the state that is kept on disk, so it need not wait for a save.</summary>
    public bool IsStateless { get; init; }

    /// <summary>The variables of the path if it matches, else null.</summary>
    public IReadOnlyDictionary<string, string>? Match(string[] path)
    {
        if (path.Length != segments.Length)
        {
            return null;
        }

        Dictionary<string, string>? variables = null;
        for (var index = 0; index < path.Length; index++)
        {
            if (segments[index] is ['{', .. var name, '}'] && path[index].Length > 0)
            {
                (variables ??= [])[name] = path[index];
            }
            else if (segments[index] != path[index])
            {
                return null;
            }
        }

        return variables ?? Empty;
    }

    static readonly Dictionary<string, string> Empty = [];
}
