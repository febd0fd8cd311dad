using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Pebble.Api;

namespace Pebble.Files;

/// <summary>action=read: the files one after the other, then what became of each, as multipart/form-data.</summary>
static class FileReading
{
    const int ChunkBytes = 512 * 1024;

    /// <param name="paths">Of the files.</param>
    /// <param name="user">Who asks, for the security log.</param>
    public static Reply Reply(IReadOnlyList<string> paths, string user)
    {
        var boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(30));
        return Api.Reply.Stream($"multipart/form-data; boundary={boundary}", (body, cancellation) => WriteAsync(body, boundary, paths, user, cancellation));
    }

    static async Task WriteAsync(ReplyBody body, string boundary, IReadOnlyList<string> paths, string user, CancellationToken cancellation)
    {
        List<FileResult> results = [];
        var delimiter = $"--{boundary}\r\n";
        foreach (var path in paths)
        {
            SafeFileHandle? file = null;
            SecurityLog.Warn("authz_admin", $"{user},pull_file", $"Pulling file {path}");
            results.Add(FileResult.Of(path, () => file = Open(path)));
            if (file is null)
            {
                continue;
            }

            using (file)
            {
                var name = path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
                var head = $"{delimiter}Content-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n";
                await body.WriteAsync(Encoding.UTF8.GetBytes(head), cancellation);
                await CopyAsync(file, body, cancellation);
            }

            delimiter = $"\r\n--{boundary}\r\n";
        }

        using var response = new MemoryStream();
        response.Write(Encoding.UTF8.GetBytes(
            $"{delimiter}Content-Disposition: form-data; name=\"response\"\r\nContent-Type: application/json\r\n\r\n"));
        WriteResponse(response, results);
        response.Write(Encoding.UTF8.GetBytes($"\n\r\n--{boundary}--\r\n"));
        await body.WriteAsync(response.GetBuffer().AsMemory(0, (int)response.Length), cancellation);
    }

    static SafeFileHandle Open(string path)
    {
        if (!GoPath.IsAbsolute(path))
        {
            throw FileError.NotAbsolute(path);
        }

        return FileSystem.Stat(path).IsRegular
            ? FileSystem.OpenToRead(path)
            : throw FileError.Generic($"can only read a regular file: {Formats.GoQuote.Quote(path)}");
    }

    static async Task CopyAsync(SafeFileHandle file, ReplyBody body, CancellationToken cancellation)
    {
        // Rented only for the time of the copy: most of its life the daemon pulls nothing.
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long offset = 0;
            int count;
            while ((count = RandomAccess.Read(file, buffer, offset)) > 0)
            {
                await body.WriteAsync(buffer.AsMemory(0, count), cancellation);
                offset += count;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static void WriteResponse(Stream into, List<FileResult> results)
    {
        using var writer = new Utf8JsonWriter(into, HttpOutput.Json);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "sync");
        writer.WriteNumber("status-code"u8, 200);
        writer.WriteString("status"u8, "OK");
        writer.WritePropertyName("result"u8);
        FileResult.Write(writer, results);
        writer.WriteEndObject();
    }
}
