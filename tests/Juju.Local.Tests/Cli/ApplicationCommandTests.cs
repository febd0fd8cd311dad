using System.Text.Json.Nodes;

namespace Juju.Local.Tests.Cli;

/// <summary>One model with two applications for all tests that only look, ask, or undo what they do.</summary>
[Collection(nameof(LocalController))]
public sealed class ApplicationCommandTests(LocalController juju, ApplicationCommandTests.DeployedModel deployed) : IClassFixture<ApplicationCommandTests.DeployedModel>
{
    public sealed class DeployedModel
    {
        public bool IsDeployed { get; set; }
    }

    async Task DeployAsync()
    {
        if (!deployed.IsDeployed)
        {
            deployed.IsDeployed = true;
            await juju.DoAsync("add-model", "apps", "--no-switch");
            var first = await juju.DoAsync("deploy", "-m", "apps", juju.Charm);
            Assert.Equal(
                "Located local charm \"tester\", revision 0\nDeploying \"tester\" from local charm \"tester\", revision 0 on ubuntu@22.04/stable\n", first.Error);
            await juju.DoAsync("deploy", "tester", "other", "-m", "apps", "--channel", "edge", "--revision", "7", "--config", "greeting=hi");
        }

        await juju.WaitAsync("apps", "application", "tester", "status==\"active\"");
        await juju.WaitAsync("apps", "unit", "other/0", "workload-status==\"active\" && agent-status==\"idle\"");
    }

    async Task<JsonNode> StatusAsync() => (await juju.DoAsync("status", "-m", "apps", "--format", "json")).Json["applications"]!;

    [Fact]
    public async Task Status_shows_what_was_deployed()
    {
        await DeployAsync();

        var status = await StatusAsync();
        Assert.Equal(("local:tester-0", "local", "tester", "0"), ($"{status["tester"]!["charm"]}", $"{status["tester"]!["charm-origin"]}", $"{status["tester"]!["charm-name"]}", $"{status["tester"]!["charm-rev"]}"));
        Assert.Equal(("charmhub", "latest/edge", "7", "1.2"), ($"{status["other"]!["charm-origin"]}", $"{status["other"]!["charm-channel"]}", $"{status["other"]!["charm-rev"]}", $"{status["other"]!["version"]}"));
        Assert.Equal("hi", $"{status["other"]!["units"]!["other/0"]!["workload-status"]!["message"]}");
        Assert.Equal("80/tcp", $"{status["other"]!["units"]!["other/0"]!["open-ports"]![0]}");
        Assert.True((bool)status["other"]!["units"]!["other/0"]!["leader"]!);

        var tables = await juju.DoAsync("status", "-m", "apps", "--relations", "--storage");
        Assert.Matches(@"(?m)^other/0\* +active +idle ", tables.Out);
        Assert.Contains("data/", tables.Out);
    }

    [Fact]
    public async Task The_status_that_the_controller_has_ready_is_the_same()
    {
        await DeployAsync();

        var ready = (await juju.RunProcessAsync("", "status", "-m", "apps", "--format", "json")).Json;
        var made = (await juju.DoAsync("status", "-m", "apps", "--format", "json")).Json;

        Assert.True(JsonNode.DeepEquals(made["applications"], ready["applications"]), $"{made}\n{ready}");
        Assert.True(JsonNode.DeepEquals(made["model"], ready["model"]), $"{made}\n{ready}");
        Assert.Contains("not found", (await juju.RunProcessAsync("", "status", "-m", "none", "--format", "json")).Error);
    }

    [Fact]
    public async Task Config_is_read_and_set_and_the_charm_sees_it()
    {
        await DeployAsync();

        var all = (await juju.DoAsync("config", "-m", "apps", "other", "--format", "json")).Json;
        Assert.Equal("""{"default":"hello","description":"What to say","source":"user","type":"string","value":"hi"}""", all["settings"]!["greeting"]!.ToJsonString());
        Assert.Equal("""{"source":"unset","type":"float"}""", all["settings"]!["ratio"]!.ToJsonString());
        Assert.Equal("hi\n", (await juju.DoAsync("config", "-m", "apps", "other", "greeting")).Out);

        await juju.DoAsync("config", "-m", "apps", "other", "greeting=a=b", "port=8080", "loud=true");
        await juju.WaitAsync("apps", "unit", "other/0", "workload-message==\"a=b\"");
        var same = await juju.DoAsync("config", "-m", "apps", "other", "port=8080");
        Assert.Equal("WARNING the configuration setting \"port\" already has the value \"8080\"\n", same.Error);
        await juju.DoAsync("config", "-m", "apps", "other", "greeting=hi", "--reset", "port,loud");
        Assert.Equal("80\n", (await juju.DoAsync("config", "-m", "apps", "other", "port")).Out);
    }

    [Theory]
    [InlineData("config -m apps other port=x loud=true", 1, "option \"port\" expected int, got \"x\"")]
    [InlineData("config -m apps other nope=1", 1, "unknown option \"nope\"")]
    [InlineData("config -m apps other nope", 1, "key \"nope\" not found in \"other\" application config or charm settings.")]
    [InlineData("config -m apps missing", 1, "application \"missing\" not found")]
    [InlineData("deploy -m apps tester other", 1, "application already exists")]
    [InlineData("deploy -m apps mysql-k8s", 1, "charm or bundle \"mysql-k8s\" not found")]
    [InlineData("deploy -m apps tester a-1", 2, "invalid application name \"a-1\"")]
    [InlineData("deploy -m apps tester --resource x=y", 1, "unrecognized resource \"x\"")]
    [InlineData("integrate -m apps other", 2, "an integration must involve two applications")]
    [InlineData("integrate -m apps other missing", 1, "application \"missing\" not found")]
    [InlineData("remove-application -m apps --no-prompt missing", 1, "removing application missing failed: application \"missing\" not found")]
    [InlineData("remove-unit -m apps --no-prompt other/0", 1, "k8s models do not support removing named units.")]
    [InlineData("remove-unit -m apps --no-prompt other", 2, "specify the number of units (> 0) to remove using --num-units")]
    [InlineData("run -m apps other/9 greet", 1, "other/9")]
    [InlineData("run -m apps other/0 dance", 1, "dance")]
    [InlineData("run -m apps other/0 greet", 1, "validation failed: (root) : \"name\" property is missing and required")]
    [InlineData("exec -m apps --machine 0 true", 1, "unable to target machines with a k8s controller")]
    [InlineData("resolved -m apps other/0", 1, "unit \"other/0\" is not in an error state")]
    [InlineData("ssh -m apps --container nope other/0 true", 1, "nope")]
    public async Task Mistakes_are_named(string words, int code, string message)
    {
        await DeployAsync();

        var outcome = await juju.RunAsync(words.Split(' '));

        Assert.Contains(message, outcome.Error);
        Assert.Equal((code, ""), (outcome.Code, outcome.Out));
        Assert.StartsWith("ERROR ", outcome.Error);
    }

    [Fact]
    public async Task A_relation_is_inferred_shown_and_removed()
    {
        await DeployAsync();

        await juju.DoAsync("integrate", "-m", "apps", "tester:backend", "other");
        var again = await juju.RunAsync("integrate", "-m", "apps", "tester:backend", "other:web");
        Assert.Contains("already exists", again.Error);
        Assert.Contains("status --relations", again.Error);

        await juju.WaitAsync("apps", "application", "tester", "status==\"active\"");
        var relation = (await StatusAsync())["tester"]!["relations"]!["backend"]![0]!;
        Assert.Equal("""{"related-application":"other","interface":"http","scope":"global"}""", relation.ToJsonString());
        await UntilAsync(async () => (await juju.DoAsync("show-unit", "-m", "apps", "tester/0", "--format", "json")).Out.Contains("from other/0"));
        var unit = (await juju.DoAsync("show-unit", "-m", "apps", "tester/0", "--format", "json")).Json["tester/0"]!;
        Assert.True((bool)unit["leader"]!);
        Assert.NotNull(unit["opened-ports"]);
        var shown = unit["relation-info"]!.AsArray().First(info => $"{info!["endpoint"]}" == "backend")!;
        Assert.Equal(("web", "from other/0"), ($"{shown["related-endpoint"]}", $"{shown["related-units"]!["other/0"]!["data"]!["hello"]}"));

        await juju.DoAsync("remove-relation", "-m", "apps", "tester", "other");
        await UntilAsync(async () => (await StatusAsync())["tester"]!["relations"]?["backend"] is null);
        Assert.Contains("not found", (await juju.RunAsync("remove-relation", "-m", "apps", "tester:backend", "other:web")).Error);
    }

    [Fact]
    public async Task An_action_gives_its_results()
    {
        await DeployAsync();

        var done = await juju.DoAsync("run", "-m", "apps", "--format", "json", "other/leader", "greet", "name=world", "count=2");
        var task = done.Json["other/0"]!;
        Assert.Equal("completed", $"{task["status"]}");
        Assert.Equal("hello world", $"{task["results"]!["greeting"]!["text"]}");
        Assert.Equal(("2", "0", "said\n"), ($"{task["results"]!["count"]}", $"{task["results"]!["return-code"]}", $"{task["results"]!["stdout"]}"));
        Assert.Contains("about to greet", $"{task["log"]![0]}");
        Assert.Contains("Running operation", done.Error);
        Assert.Equal("completed", $"{(await juju.DoAsync("show-task", "-m", "apps", $"{task["id"]}", "--format", "json")).Json["status"]}");

        var plain = await juju.DoAsync("run", "-m", "apps", "-q", "other/0", "greet", "name=you");
        Assert.Equal("count: \"1\"\ngreeting:\n  text: hello you\nsaid\n", plain.Out);
    }

    [Fact]
    public async Task An_action_that_says_it_failed_is_no_error_of_the_command()
    {
        await DeployAsync();

        var task = (await juju.DoAsync("run", "-m", "apps", "other/0", "refuse", "--format", "json")).Json["other/0"]!;

        Assert.Equal(("failed", "not today", "0"), ($"{task["status"]}", $"{task["message"]}", $"{task["results"]!["return-code"]}"));
    }

    [Fact]
    public async Task A_script_that_crashed_is_one_and_its_results_are_still_there()
    {
        await DeployAsync();

        var crashed = await juju.RunAsync("run", "-m", "apps", "other/0", "crash", "--format", "json");

        Assert.Equal(1, crashed.Code);
        Assert.Equal(("failed", "3", "oops\n"), ($"{crashed.Json["other/0"]!["status"]}", $"{crashed.Json["other/0"]!["results"]!["return-code"]}", $"{crashed.Json["other/0"]!["results"]!["stderr"]}"));
        Assert.Contains("ERROR the following task failed:\n - id \"", crashed.Error);
    }

    [Fact]
    public async Task A_late_result_is_reported_and_can_be_cancelled()
    {
        await DeployAsync();

        var late = await juju.RunAsync("run", "-m", "apps", "tester/0", "slow", "--wait", "100ms");

        Assert.Equal((1, "ERROR timed out waiting for results from: unit tester/0\n"), (late.Code, late.Error[late.Error.IndexOf("ERROR")..]));
        var running = (await juju.DoAsync("operations", "-m", "apps", "--actions", "slow", "--format", "json")).Json.AsObject().First().Value!;
        await juju.DoAsync("cancel-task", "-m", "apps", running["tasks"]!.AsObject().First().Key);
        await juju.WaitAsync("apps", "unit", "tester/0", "agent-status==\"idle\"");
    }

    [Fact]
    public async Task Commands_run_in_a_hook_context()
    {
        await DeployAsync();

        var done = (await juju.DoAsync("exec", "-m", "apps", "--unit", "other/0", "--format", "json", "--", "config-get greeting; basename $PWD")).Json["other/0"]!;
        Assert.Equal("hi\ncharm\n", $"{done["results"]!["stdout"]}");
        Assert.Equal("a  b\n", (await juju.DoAsync("exec", "-q", "-m", "apps", "--unit", "other/0", "--", "echo", "a  b")).Out);

        var failed = await juju.RunAsync("exec", "-m", "apps", "--unit", "other/0", "--format", "json", "--", "exit 4");
        Assert.Equal((1, "4"), (failed.Code, $"{failed.Json["other/0"]!["results"]!["return-code"]}"));
        Assert.Contains("with return code 4", failed.Error);
    }

    [Fact]
    public async Task Ssh_passes_streams_and_the_exit_code()
    {
        await DeployAsync();

        var echoed = await juju.RunProcessAsync("typed in\n", "ssh", "--model", "apps", "other/leader", "cat; pwd; exit 5");

        Assert.Equal((5, "typed in\n/var/lib/juju\n"), (echoed.Code, echoed.Out));
    }

    [Fact]
    public async Task Scp_copies_both_ways()
    {
        await DeployAsync();
        var here = Directory.CreateDirectory(Path.Combine(juju.Folder, "copies/inner")).Parent!.FullName;
        File.WriteAllText(Path.Combine(here, "a.txt"), "content");
        File.WriteAllText(Path.Combine(here, "inner/b.txt"), "inside");

        await juju.DoAsync("scp", "-m", "apps", "--", Path.Combine(here, "a.txt"), "other/0:.");
        await juju.DoAsync("scp", "-m", "apps", "-r", here, "other/0:/tmp");
        await juju.DoAsync("scp", "-m", "apps", "other/0:/var/lib/juju/a.txt", Path.Combine(here, "back.txt"));
        await juju.DoAsync("scp", "-m", "apps", "--", "-r", "other/0:/tmp/copies", Path.Combine(here, "all"));

        Assert.Equal("content", File.ReadAllText(Path.Combine(here, "back.txt")));
        Assert.Equal("inside", File.ReadAllText(Path.Combine(here, "all/inner/b.txt")));
        Assert.Contains("No such file", (await juju.RunAsync("scp", "-m", "apps", "other/0:/none", here)).Error);
    }

    [Fact]
    public async Task Secrets_are_kept_granted_and_given_to_the_charm()
    {
        await DeployAsync();

        var id = (await juju.DoAsync("add-secret", "-m", "apps", "login", "password=first", "--info", "For tests")).Out.Trim();
        Assert.StartsWith("secret:", id);
        Assert.Contains("already exists", (await juju.RunAsync("add-secret", "-m", "apps", "login", "password=x")).Error);
        await juju.DoAsync("grant-secret", "-m", "apps", "login", "other");
        Assert.Equal("first\n", (await juju.DoAsync("exec", "-q", "-m", "apps", "-u", "other/0", $"secret-get {id} password")).Out);
        await juju.DoAsync("update-secret", "-m", "apps", id, "password=second");

        var secret = (await juju.DoAsync("show-secret", "-m", "apps", "login", "--reveal", "--format", "json")).Json[id["secret:".Length..]]!;
        Assert.Equal(("2", "second", "<model>", "For tests"), ($"{secret["revision"]}", $"{secret["content"]!["Data"]!["password"]}", $"{secret["owner"]}", $"{secret["description"]}"));
        var revisions = (await juju.DoAsync("show-secret", "-m", "apps", id, "--revisions", "--format", "json")).Json[id["secret:".Length..]]!;
        Assert.Equal(2, revisions["revisions"]!.AsArray().Count);
        Assert.Equal("application-other", $"{revisions["access"]![0]!["target"]}");
        Assert.NotNull((await juju.DoAsync("secrets", "-m", "apps", "--format", "json")).Json[id["secret:".Length..]]);

        await juju.DoAsync("remove-secret", "-m", "apps", "login");
        Assert.Contains("secret \"login\" not found", (await juju.RunAsync("show-secret", "-m", "apps", "login")).Error);
    }

    [Fact]
    public async Task Storage_resources_and_actions_are_listed()
    {
        await DeployAsync();

        Assert.Contains("greet", (await juju.DoAsync("actions", "-m", "apps", "other")).Out);
        Assert.Contains("Whom", (await juju.DoAsync("show-action", "-m", "apps", "other", "greet")).Out);
        Assert.Contains("data/", (await juju.DoAsync("storage", "-m", "apps")).Out);
        Assert.Contains("blob", (await juju.DoAsync("resources", "-m", "apps", "other")).Out);
        Assert.Contains("base: ubuntu@22.04", (await juju.DoAsync("show-application", "-m", "apps", "other")).Out);
    }

    [Fact]
    public async Task The_log_has_what_units_said()
    {
        await DeployAsync();

        await juju.DoAsync("exec", "-m", "apps", "-u", "other/0", "juju-log -l WARNING 'a word'");

        var log = await juju.DoAsync("debug-log", "-m", "apps", "--limit", "0", "--include", "other", "--level", "WARNING");
        Assert.Matches("(?m)^unit-other-0: [0-9]{2}:[0-9]{2}:[0-9]{2} WARNING unit.other/0.juju-log a word$", log.Out);
        Assert.DoesNotContain("unit-tester-0", log.Out);
    }

    [Fact]
    public async Task A_failed_hook_is_shown_and_resolved()
    {
        await DeployAsync();

        await juju.DoAsync("config", "-m", "apps", "tester", "greeting=broken");
        await juju.WaitAsync("apps", "unit", "tester/0", "workload-status==\"error\"");
        Assert.Equal("hook failed: \"config-changed\"", $"{(await StatusAsync())["tester"]!["units"]!["tester/0"]!["workload-status"]!["message"]}");
        await juju.DoAsync("config", "-m", "apps", "tester", "--reset", "greeting");
        await juju.DoAsync("resolved", "-m", "apps", "tester/0");
        await juju.WaitAsync("apps", "unit", "tester/0", "workload-status==\"active\" && agent-status==\"idle\"");
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(50, deadline.Token);
        }
    }
}
