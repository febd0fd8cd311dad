using System.Text;

namespace Pebble.Tests.Files;

public sealed class FilesApiTests
{
    const string Boundary = "01234567890123456789012345678901";

    [Fact]
    public async Task Several_files_are_written_each_with_its_own_result()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        var (good, bad) = (daemon.PathOf("good"), "/nope/bad");

        var answer = await WriteAsync(daemon,
            $$"""{"action": "write", "files": [{"path": "{{good}}", "permissions": "600"}, {"path": "{{bad}}"}, {"path": "/missing"}]}""",
            (good, "one"), (bad, "two"));

        Assert.Equal(200, answer.Status);
        Assert.False(answer.Result[0].TryGetProperty("error", out _));
        Assert.Equal("not-found", answer.Result[1].GetProperty("error").GetProperty("kind").GetString());
        Assert.Equal("no file content for path \"/missing\"", answer.Result[2].GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("one", await File.ReadAllTextAsync(good));
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_no_file()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        var path = daemon.PathOf("half");
        var body = Body($$"""{"action": "write", "files": [{"path": "{{path}}"}]}""", (path, "content"));

        var answer = await PostAsync(daemon, body[..^60]);

        Assert.Equal(400, answer.Status);
        Assert.Empty(Directory.GetFiles(daemon.Folder, "half*"));
    }

    [Theory]
    [InlineData("/v1/files?action=read&path=/x", "must accept multipart/form-data")]
    [InlineData("/v1/files?action=list", "must specify path")]
    [InlineData("/v1/files?action=list&path=x", "path must be absolute, got \"x\"")]
    [InlineData("/v1/files?action=list&path=/&itself=x", "itself parameter must be \"true\" or \"false\"")]
    [InlineData("/v1/files?action=foo", "invalid action \"foo\"")]
    public async Task A_wrong_request_is_refused(string path, string message)
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var answer = await daemon.GetAsync(path);

        Assert.Equal((400, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Removing_what_is_not_there_fails_unless_recursive()
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var answer = await daemon.PostAsync("/v1/files",
            """{"action": "remove", "paths": [{"path": "/nope"}, {"path": "/nope", "recursive": true}, {"path": "rel"}]}""");

        Assert.Equal("remove /nope: no such file or directory", answer.Result[0].GetProperty("error").GetProperty("message").GetString());
        Assert.False(answer.Result[1].TryGetProperty("error", out _));
        Assert.Equal("paths must be absolute, got \"rel\"", answer.Result[2].GetProperty("error").GetProperty("message").GetString());
    }

    static Task<Answer> WriteAsync(TestDaemon daemon, string metadata, params (string Path, string Content)[] files) =>
        PostAsync(daemon, Body(metadata, files));

    static string Body(string metadata, params (string Path, string Content)[] files)
    {
        var body = new StringBuilder($"--{Boundary}\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{metadata}\r\n");
        foreach (var (path, content) in files)
        {
            body.Append($"--{Boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{path}\"\r\n\r\n{content}\r\n");
        }

        return body.Append($"--{Boundary}--\r\n").ToString();
    }

    static async Task<Answer> PostAsync(TestDaemon daemon, string body)
    {
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary=\"{Boundary}\"");
        return await Answer.ReadAsync(await daemon.Client.PostAsync("/v1/files", content));
    }
}
