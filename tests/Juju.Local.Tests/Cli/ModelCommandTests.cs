namespace Juju.Local.Tests.Cli;

[Collection(nameof(LocalController))]
public sealed class ModelCommandTests(LocalController juju)
{
    [Fact]
    public async Task A_model_is_made_shown_and_destroyed()
    {
        var added = await juju.DoAsync("add-model", "first");
        Assert.Equal("Added 'first' model on localhost/local with credential 'localhost' for user 'admin'\n", added.Error);

        var again = await juju.RunAsync("add-model", "first");
        Assert.Equal(1, again.Code);
        Assert.Contains("already exists", again.Error);

        Assert.Equal("local:admin/first\n", (await juju.DoAsync("switch")).Out);
        await juju.DoAsync("add-model", "--no-switch", "second");
        Assert.Equal("local:admin/first\n", (await juju.DoAsync("switch")).Out);
        Assert.Equal("local:admin/first -> local:admin/second\n", (await juju.DoAsync("switch", "second")).Error);

        var models = (await juju.DoAsync("models", "--format", "json")).Json;
        Assert.Equal("second", models["current-model"]!.ToString());
        Assert.Contains("admin/first", models["models"]!.AsArray().Select(model => model!["name"]!.ToString()));

        var shown = (await juju.DoAsync("show-model", "--format", "json", "local:first")).Json["first"]!;
        foreach (var key in "name short-name model-uuid model-type controller-uuid controller-name is-controller cloud life".Split(' '))
        {
            Assert.NotNull(shown[key]);
        }

        await juju.DoAsync("destroy-model", "first", "--no-prompt", "--destroy-storage", "--force");
        await juju.DoAsync("destroy-model", "second", "--no-prompt");
        Assert.Equal(1, (await juju.RunAsync("show-model", "first")).Code);
    }

    [Fact]
    public async Task Model_config_is_read_set_and_reset()
    {
        await juju.DoAsync("add-model", "configured", "--no-switch", "--config", "update-status-hook-interval=2m");

        Assert.Equal("2m\n", (await juju.DoAsync("model-config", "-m", "configured", "update-status-hook-interval")).Out);
        await juju.DoAsync("model-config", "-m", "configured", "automatically-retry-hooks=false", "--reset", "update-status-hook-interval");
        var all = (await juju.DoAsync("model-config", "-m", "configured", "--format", "json")).Json;
        Assert.Equal(("false", "model"), (all["automatically-retry-hooks"]!["Value"]!.ToString().ToLowerInvariant(), all["automatically-retry-hooks"]!["Source"]!.ToString()));
        Assert.Equal("default", all["update-status-hook-interval"]!["Source"]!.ToString());

        await juju.DoAsync("destroy-model", "configured", "--no-prompt");
    }

    [Theory]
    [InlineData("add-model Bad_Name", 2, "\"Bad_Name\" is not a valid name: model names may only contain lowercase letters, digits and hyphens")]
    [InlineData("add-model", 2, "model name is required")]
    [InlineData("status -m nowhere", 1, "not found")]
    [InlineData("status -m other:x", 1, "controller \"other\" not found")]
    [InlineData("destroy-model nowhere --no-prompt", 1, "not found")]
    [InlineData("models extra", 2, "unrecognized args: [\"extra\"]")]
    [InlineData("offer x:y", 1, "offer is not supported")]
    public async Task Mistakes_are_named(string words, int code, string message)
    {
        var outcome = await juju.RunAsync(words.Split(' '));

        Assert.Equal(code, outcome.Code);
        Assert.StartsWith("ERROR ", outcome.Error);
        Assert.Contains(message, outcome.Error);
        Assert.Equal("", outcome.Out);
    }

    [Fact]
    public async Task Without_a_confirmation_nothing_is_destroyed()
    {
        await juju.DoAsync("add-model", "kept", "--no-switch");

        var refused = await juju.RunAsync("destroy-model", "kept");

        Assert.Equal(1, refused.Code);
        await juju.DoAsync("destroy-model", "kept", "--no-prompt");
    }
}
