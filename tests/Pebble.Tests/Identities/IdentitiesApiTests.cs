using System.Net.Http.Headers;
using System.Text;

namespace Pebble.Tests.Identities;

public sealed class IdentitiesApiTests
{
    [Fact]
    public async Task A_basic_identity_limits_what_its_password_opens()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        var hash = TestDaemon.Shell("openssl passwd -6 secret").Output.Trim();
        await daemon.PostAsync("/v1/identities",
            $$$"""{"action": "add", "identities": {"bob": {"access": "read", "basic": {"password": {{{TestDaemon.Json(hash)}}} } } } }""");

        daemon.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:secret")));
        var read = await daemon.GetAsync("/v1/identities");
        var written = await daemon.PostAsync("/v1/identities", """{"action": "remove", "identities": {"bob": null}}""");

        Assert.Equal("*****", read.Result.GetProperty("bob").GetProperty("basic").GetProperty("password").GetString());
        Assert.Equal((401, "login-required", "access denied"), (written.Status, written.Kind, written.Message));
    }

    [Fact]
    public async Task Identities_are_kept_over_a_kill()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        await daemon.PostAsync("/v1/identities", """{"action": "add", "identities": {"al": {"access": "admin", "local": {"user-id": 42}}}}""");

        await daemon.KillAsync();
        await daemon.StartAsync("--hold");

        var all = (await daemon.GetAsync("/v1/identities")).Result;
        Assert.Equal(42, all.GetProperty("al").GetProperty("local").GetProperty("user-id").GetInt32());
    }

    [Theory]
    [InlineData("""{"action": "add", "identities": {"a": {"access": "read"}}}""", "invalid identity for \"a\": identity must have at least one type (\"local\", \"basic\", or \"cert\")")]
    [InlineData("""{"action": "add", "identities": {"a": {"access": "x", "local": {"user-id": 1}}}}""", "invalid identity for \"a\": invalid access value \"x\", must be \"admin\", \"read\", \"metrics\", or \"untrusted\"")]
    [InlineData("""{"action": "add", "identities": {"a": {"access": "read", "local": {}}}}""", "invalid identity for \"a\": local identity must specify user-id")]
    [InlineData("""{"action": "remove", "identities": {"a": null}}""", "identities do not exist: a")]
    [InlineData("""{"action": "add", "identities": {"a": null}}""", "identity value for \"a\" must not be null for add operation")]
    [InlineData("""{"action": "add", "identities": {"a": {"access": "read", "local": {"user-id": 7}}, "b": {"access": "read", "local": {"user-id": 7}}}}""", "cannot have multiple identities with user ID 7 (a, b)")]
    public async Task A_wrong_request_says_why_and_changes_nothing(string json, string message)
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var answer = await daemon.PostAsync("/v1/identities", json);

        Assert.Equal((400, message), (answer.Status, answer.Message));
        Assert.Equal("{}", (await daemon.GetAsync("/v1/identities")).Result.GetRawText());
    }
}
