using Pebble.Api;
using Pebble.Client;
using Pebble.Formats;

namespace Pebble.Files;

/// <summary>action=write: the metadata of all files, then the content of each, as multipart/form-data.</summary>
static class FileWriting
{
    const uint DefaultMode = 0x1A4;
    const int MostMetadataBytes = 16 << 20;

    /// <param name="body">Of the request.</param>
    /// <param name="boundary">Between its parts.</param>
    /// <param name="user">Who asks, for the security log.</param>
    /// <param name="cancellation">Cancelled when the client has gone.</param>
    public static async Task<Reply> WriteAsync(Stream body, string boundary, string user, CancellationToken cancellation)
    {
        var parts = new MultipartReader(body, boundary);
        var files = await ReadMetadataAsync(parts, cancellation);
        var items = new Dictionary<string, JsonBody>();
        foreach (var file in files)
        {
            items[file.String("path")] = file;
        }

        var errors = new Dictionary<string, FileError?>();
        for (var number = 0; await NextAsync(parts, $"cannot read file part {number}", cancellation) is { } part; number++)
        {
            if (part.Name != "files")
            {
                throw ApiError.BadRequest($"field name must be \"files\", got {GoQuote.Quote(part.Name)}");
            }

            var item = items.GetValueOrDefault(part.FileName)
                ?? throw ApiError.BadRequest($"no metadata for path {GoQuote.Quote(part.FileName)}");
            SecurityLog.Warn("authz_admin", $"{user},push_file", $"Pushing file {part.FileName}");
            errors[part.FileName] = await TryWriteAsync(item, parts, cancellation);
        }

        return FileResult.Reply([.. files.Select(file => file.String("path")).Select(path => new FileResult(
            path, errors.TryGetValue(path, out var error) ? error : FileError.Generic($"no file content for path {GoQuote.Quote(path)}")))]);
    }

    static async Task<IReadOnlyList<JsonBody>> ReadMetadataAsync(MultipartReader parts, CancellationToken cancellation)
    {
        var part = await NextAsync(parts, "cannot read request metadata", cancellation)
            ?? throw ApiError.BadRequest("cannot read request metadata: EOF");
        if (part.Name != "request")
        {
            throw ApiError.BadRequest($"metadata field name must be \"request\", got {GoQuote.Quote(part.Name)}");
        }

        using var json = new BoundedMemory(MostMetadataBytes);
        try
        {
            await parts.CopyToAsync(json, cancellation);
        }
        catch (PebbleProtocolException)
        {
            throw ApiError.BadRequest("cannot decode request metadata: unexpected EOF");
        }

        var metadata = JsonBody.Parse(json.GetBuffer().AsSpan(0, (int)json.Length), "cannot decode request metadata");
        if (metadata.String("action") is not "write" and var action)
        {
            throw ApiError.BadRequest($"multipart action must be \"write\", got {GoQuote.Quote(action)}");
        }

        var files = metadata.Objects("files", "writeFilesItem");
        return files.Count > 0 ? files : throw ApiError.BadRequest("must specify one or more files");
    }

    static async Task<Part?> NextAsync(MultipartReader parts, string refusal, CancellationToken cancellation)
    {
        try
        {
            return await parts.NextAsync(cancellation);
        }
        catch (PebbleProtocolException e)
        {
            throw ApiError.BadRequest($"{refusal}: {e.Message}");
        }
    }

    static async Task<FileError?> TryWriteAsync(JsonBody item, MultipartReader content, CancellationToken cancellation)
    {
        try
        {
            await WriteFileAsync(item, content, cancellation);
            return null;
        }
        catch (FileError e)
        {
            return e;
        }
    }

    static async Task WriteFileAsync(JsonBody item, MultipartReader content, CancellationToken cancellation)
    {
        var path = item.String("path");
        if (!GoPath.IsAbsolute(path))
        {
            throw FileError.NotAbsolute(path);
        }

        var placement = Placement.Of(item, DefaultMode);
        if (item.Bool("make-dirs"))
        {
            try
            {
                DirectoryMaking.MakeAbove(path, placement);
            }
            catch (FileError e)
            {
                throw e.Within("cannot create directory");
            }
        }

        var name = GoPath.Base(path);
        if (name.Contains('*', StringComparison.Ordinal))
        {
            throw FileError.Generic($"cannot create tempfile for filename containing '*': {GoQuote.Quote(name)}");
        }

        await WriteAtomicallyAsync(path, placement, content, cancellation);
    }

    /// <summary>Old or new, never half: written beside, brought to disk, and renamed.</summary>
    static async Task WriteAtomicallyAsync(string path, Placement placement, MultipartReader content, CancellationToken cancellation)
    {
        var (file, temporary) = FileSystem.CreateBeside(path);
        using (file)
        {
            try
            {
                FileSystem.ChangeMode(file, temporary, placement.Mode);
                await content.CopyToAsync(new FileSink(file, temporary), cancellation);
                if (placement.Owner is { } owner)
                {
                    FileSystem.ChangeOwner(file, temporary, owner);
                }

                FileSystem.Sync(file, temporary);
                FileSystem.Rename(temporary, path);
            }
            catch (Exception e)
            {
                File.Delete(temporary);
                if (e is PebbleProtocolException)
                {
                    throw FileError.Generic("unexpected EOF");
                }

                throw;
            }
        }

        FileSystem.SyncDirectory(GoPath.Directory(path));
    }
}

/// <summary>Refuses to grow without end: metadata are held in memory, contents are not.</summary>
sealed class BoundedMemory(int mostBytes) : MemoryStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Length + buffer.Length > mostBytes)
        {
            throw new ApiError(413, $"request metadata is larger than {mostBytes} bytes");
        }

        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}
