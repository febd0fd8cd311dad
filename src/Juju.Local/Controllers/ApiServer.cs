using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Juju.Local.Api;
using Juju.Local.Charms;
using Juju.Local.Sandboxes;

namespace Juju.Local.Controllers;

/// <summary>The controller's socket: a line of JSON asks, a line of JSON answers. Only its own user may connect.</summary>
sealed class ApiServer : IDisposable
{
    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly IReadOnlyDictionary<string, Operation> operations;
    readonly string path;

    public ApiServer(Controller controller, string path)
    {
        this.path = path;
        operations = OperationTable.Of(controller);
        File.Delete(path);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(64);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync(cancellation), cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The controller ends.
        }
    }

    async Task ServeAsync(Socket connection, CancellationToken cancellation)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        using var reader = new StreamReader(stream, new UTF8Encoding(false), false, 64 * 1024);
        try
        {
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                var response = JsonSerializer.SerializeToUtf8Bytes(await AnswerAsync(line, cancellation), ApiJson.Default.Response);
                await stream.WriteAsync((byte[])[.. response, (byte)'\n'], CancellationToken.None);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone, or the controller ends.
        }
    }

    async Task<Response> AnswerAsync(string line, CancellationToken cancellation)
    {
        try
        {
            var request = JsonSerializer.Deserialize(line, ApiJson.Default.Request)!;
            return operations.TryGetValue(request.Op, out var operation)
                ? new Response { Result = await operation(request.Params ?? default, cancellation) }
                : new Response { Error = $"unknown operation \"{request.Op}\"", ErrorCode = ErrorCode.NotSupported };
        }
        catch (ControllerException refused)
        {
            return new Response { Error = refused.Message, ErrorCode = refused.Code };
        }
        catch (CharmException wrong)
        {
            return new Response { Error = wrong.Message, ErrorCode = ErrorCode.BadRequest };
        }
        catch (SandboxException broken)
        {
            return new Response { Error = broken.Message, ErrorCode = ErrorCode.Internal };
        }
        catch (JsonException wrong)
        {
            return new Response { Error = wrong.Message, ErrorCode = ErrorCode.BadRequest };
        }
#pragma warning disable CA1031 // The outermost turn of a request: the client is told, the controller lives on.
        catch (Exception broken) when (broken is not OperationCanceledException)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync($"request failed: {broken}");
            var problem = broken is IOException or UnauthorizedAccessException ? $"{FileProblem.Text(broken)} ({broken.Message})" : broken.Message;
            return new Response { Error = problem, ErrorCode = ErrorCode.Internal };
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(path);
    }
}
