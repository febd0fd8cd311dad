using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Rake;
using Servers;

namespace Forum.Tests.Uploads;

public sealed class S3Tests : IAsyncLifetime
{
    static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    readonly HttpClient _http = new();
    S3Server _s3 = null!;
    string _bucket = "";
    ForumApp _app = null!;
    ForumClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _s3 = await S3Server.GetAsync();
        _bucket = _s3.CreateBucket();
        _app = await ForumApp.StartAsync(Variables(_s3, _bucket));
        await _app.AddUserAsync("uploader");
        _api = await _app.ApiAsync("uploader");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>What the charm sets with s3_enabled, and path style, since a bucket's name is no name of this machine.</summary>
    internal static Dictionary<string, string> Variables(S3Server s3, string bucket) => new()
    {
        ["DISCOURSE_USE_S3"] = "true",
        ["DISCOURSE_S3_BUCKET"] = bucket,
        ["DISCOURSE_S3_REGION"] = "us-east-1",
        ["DISCOURSE_S3_ENDPOINT"] = s3.Endpoint,
        ["DISCOURSE_S3_ACCESS_KEY_ID"] = S3Server.AccessKey,
        ["DISCOURSE_S3_SECRET_ACCESS_KEY"] = S3Server.SecretKey,
        ["DISCOURSE_S3_INSTALL_CORS_RULE"] = "true",
        ["DISCOURSE_S3_FORCE_PATH_STYLE"] = "true",
        ["DISCOURSE_ENABLE_DIRECT_S3_UPLOADS"] = "true",
        ["DISCOURSE_AUTHORIZED_EXTENSIONS"] = "png|txt|zip",
    };

    [Fact]
    public async Task An_upload_goes_to_the_bucket_and_posts_show_it_from_there()
    {
        var upload = (await SendAsync(_api, Picture, "dot.png")).Expect(200).Json;

        var url = (string)upload["url"]!;
        Assert.StartsWith($"//127.0.0.1:{_s3.Port}/{_bucket}/original/1X/", url);
        using var stored = await _http.GetAsync("http:" + url, ForumApp.Cancellation);
        Assert.Equal(Picture, await stored.Content.ReadAsByteArrayAsync(ForumApp.Cancellation));
        Assert.Equal("image/png", stored.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", stored.Headers.CacheControl!.ToString());
        var post = (await _api.PostAsync("/posts.json", ("title", "A topic with a picture in a bucket"), ("raw", $"Look at this picture: ![dot]({(string)upload["short_url"]!})"))).Expect(200).Json;
        Assert.Contains($"src=\"{url}\"", (string)post["cooked"]!);
        Assert.Equal(url, (await _app.Anonymous().GetAsync((string)upload["short_path"]!)).Expect(302).Header("Location"));
    }

    [Fact]
    public async Task A_file_that_is_sent_to_the_bucket_directly_becomes_an_upload_once_it_was_looked_at()
    {
        var content = Encoding.UTF8.GetBytes("plain text of an attachment");
        var signed = (await _api.PostJsonAsync("/uploads/generate-presigned-put.json", new JsonObject
        {
            ["type"] = "composer", ["file_name"] = "notes.txt", ["file_size"] = content.Length, ["metadata"] = new JsonObject { ["sha1-checksum"] = Sha1(content) },
        })).Expect(200).Json;
        Assert.Equal(Sha1(content), (string?)signed["signed_headers"]!["x-amz-meta-sha1-checksum"]);
        await PutAsync((string)signed["url"]!, content, signed["signed_headers"]!.AsObject());

        var upload = (await _api.PostJsonAsync("/uploads/complete-external-upload.json", new JsonObject { ["unique_identifier"] = (string)signed["unique_identifier"]! })).Expect(200).Json;

        Assert.Equal("notes.txt", (string?)upload["original_filename"]);
        Assert.Equal(content, await _http.GetByteArrayAsync("http:" + (string)upload["url"]!, ForumApp.Cancellation));
        using var gone = await _http.GetAsync($"{_s3.Endpoint}/{_bucket}/{(string)signed["key"]!}", ForumApp.Cancellation);
        Assert.Equal(404, (int)gone.StatusCode);
        (await _api.PostJsonAsync("/uploads/complete-external-upload.json", new JsonObject { ["unique_identifier"] = (string)signed["unique_identifier"]! })).Expect(404);
    }

    [Fact]
    public async Task A_file_that_is_not_what_was_announced_is_refused()
    {
        var signed = (await PresignAsync("notes.txt", 4)).Expect(200).Json;
        await PutAsync((string)signed["url"]!, "too much of it"u8.ToArray(), signed["signed_headers"]!.AsObject());

        (await _api.PostJsonAsync("/uploads/complete-external-upload.json", new JsonObject { ["unique_identifier"] = (string)signed["unique_identifier"]! })).Expect(422);
        (await PresignAsync("program.exe", 4)).Expect(422);
        (await PresignAsync("notes.txt", int.MaxValue)).Expect(422);
        await _app.AddUserAsync("someoneelse");
        using var other = await _app.ApiAsync("someoneelse");
        var mine = (await PresignAsync("mine.txt", 4)).Expect(200).Json;
        (await other.PostJsonAsync("/uploads/complete-external-upload.json", new JsonObject { ["unique_identifier"] = (string)mine["unique_identifier"]! })).Expect(404);
    }

    [Fact]
    public async Task A_large_file_is_sent_in_parts()
    {
        byte[][] parts = [RandomNumberGenerator.GetBytes(5 * 1024 * 1024), RandomNumberGenerator.GetBytes(1000)];
        byte[] whole = [.. parts[0], .. parts[1]];
        await _app.Database.ExecuteAsync("INSERT INTO site_settings (name, data_type, value, created_at, updated_at) VALUES ('max_attachment_size_kb', 3, '10240', now(), now())", [], ForumApp.Cancellation);
        await ((Forum.Settings.SiteSettings)_app.Services.GetService(typeof(Forum.Settings.SiteSettings))!).LoadAsync(ForumApp.Cancellation);
        var begun = (await _api.PostJsonAsync("/uploads/create-multipart.json", new JsonObject { ["upload_type"] = "composer", ["file_name"] = "large.zip", ["file_size"] = whole.Length })).Expect(200).Json;
        var identifier = (string)begun["unique_identifier"]!;
        var urls = (await _api.PostJsonAsync("/uploads/batch-presign-multipart-parts.json", new JsonObject { ["unique_identifier"] = identifier, ["part_numbers"] = new JsonArray(1, 2) })).Expect(200).Json["presigned_urls"]!;
        var tags = new JsonArray();
        foreach (var number in new[] { 1, 2 })
        {
            tags.Add(new JsonObject { ["part_number"] = number, ["etag"] = await PutAsync((string)urls[number.ToString(System.Globalization.CultureInfo.InvariantCulture)]!, parts[number - 1], []) });
        }

        var upload = (await _api.PostJsonAsync("/uploads/complete-multipart.json", new JsonObject { ["unique_identifier"] = identifier, ["parts"] = tags })).Expect(200).Json;

        Assert.Equal(whole.Length, (int)upload["filesize"]!);
        Assert.Equal(whole, await _http.GetByteArrayAsync("http:" + (string)upload["url"]!, ForumApp.Cancellation));
        var second = (await _api.PostJsonAsync("/uploads/create-multipart.json", new JsonObject { ["upload_type"] = "composer", ["file_name"] = "never.zip", ["file_size"] = 100 })).Expect(200).Json;
        (await _api.PostJsonAsync("/uploads/abort-multipart.json", new JsonObject { ["external_upload_identifier"] = (string)second["external_upload_identifier"]! })).Expect(200);
        (await _api.PostJsonAsync("/uploads/batch-presign-multipart-parts.json", new JsonObject { ["unique_identifier"] = (string)second["unique_identifier"]!, ["part_numbers"] = new JsonArray(1) })).Expect(404);
    }

    [Fact]
    public async Task Files_of_the_container_move_to_the_bucket_with_the_posts_that_show_them()
    {
        await using var local = await ForumApp.StartAsync();
        await local.AddUserAsync("mover");
        using var api = await local.ApiAsync("mover");
        var upload = (await SendAsync(api, Picture, "dot.png")).Expect(200).Json;
        Assert.StartsWith("/uploads/default/original/1X/", (string)upload["url"]!);
        var post = (await api.PostAsync("/posts.json", ("title", "A topic whose picture will move"), ("raw", $"Look at this picture: ![dot]({(string)upload["short_url"]!})"))).Expect(200).Json;
        var bucket = _s3.CreateBucket();
        var environment = new Dictionary<string, string>(local.Globals.Environment);
        foreach (var (name, value) in Variables(_s3, bucket))
        {
            environment[name] = value;
        }

        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await RakeCommand.RunAsync(Forum.Configuration.GlobalSettings.From(environment), ["uploads:migrate_to_s3"], TextReader.Null, output, errors);

        Assert.True(code == 0, errors.ToString());
        var url = await local.Database.ScalarAsync<string>("SELECT url FROM uploads WHERE id = $1", [(int)upload["id"]!], ForumApp.Cancellation);
        Assert.StartsWith($"//127.0.0.1:{_s3.Port}/{bucket}/original/1X/", url);
        Assert.Equal(Picture, await _http.GetByteArrayAsync("http:" + url, ForumApp.Cancellation));
        Assert.Contains(url!, await local.Database.ScalarAsync<string>("SELECT cooked FROM posts WHERE id = $1", [(int)post["id"]!], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Assets_are_uploaded_once_unless_that_is_forced_and_the_rules_for_browsers_are_installed()
    {
        var assets = Path.Combine(_app.Folder, "app", "public", "assets");
        Directory.CreateDirectory(assets);
        await File.WriteAllTextAsync(Path.Combine(assets, "app-1.js"), "1;", ForumApp.Cancellation);
        using var first = new StringWriter();
        using var second = new StringWriter();

        Assert.Equal(0, await RakeCommand.RunAsync(_app.Globals, ["s3:upload_assets"], TextReader.Null, first, TextWriter.Null));
        Assert.Equal(0, await RakeCommand.RunAsync(_app.Globals, ["s3:upload_assets"], TextReader.Null, second, TextWriter.Null));

        Assert.Contains("Uploading: assets/app-1.js", first.ToString());
        Assert.Contains("Skipping: assets/app-1.js", second.ToString());
        Assert.Contains("already exists", second.ToString());
        using var stored = await _http.GetAsync($"{_s3.Endpoint}/{_bucket}/assets/app-1.js", ForumApp.Cancellation);
        Assert.Equal("text/javascript", stored.Content.Headers.ContentType!.MediaType);
    }

    Task<Answer> PresignAsync(string name, int size) =>
        _api.PostJsonAsync("/uploads/generate-presigned-put.json", new JsonObject { ["type"] = "composer", ["file_name"] = name, ["file_size"] = size });

    async Task<string> PutAsync(string url, byte[] content, JsonObject headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(content) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, (string)value!);
        }

        using var response = await _http.SendAsync(request, ForumApp.Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync(ForumApp.Cancellation)}");
        return response.Headers.ETag?.Tag ?? "";
    }

    static async Task<Answer> SendAsync(ForumClient api, byte[] content, string name)
    {
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { new StringContent("composer"), "upload_type" }, { file, "file", name } };
        return await api.SendAsync(HttpMethod.Post, "/uploads.json", form);
    }

#pragma warning disable CA5350 // The check that the published API names.
    static string Sha1(byte[] content) => Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
}
