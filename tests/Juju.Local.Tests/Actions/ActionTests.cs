using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Actions;

public sealed class ActionTests(LocalController controller) : IClassFixture<LocalController>
{
    const string Actions = """
        greet: {params: {who: {type: string, default: you}}}
        refuse: {}
        break: {}
        """;

    async Task<TestModel> DeployAsync()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "", "", Actions,
        [
            ("greet", "action-log begun; action-set text=\"hello $(action-get who)\" a.b=1 a.c=2; echo out; echo err >&2"),
            ("refuse", "action-set x=1; action-fail 'not now'; state-set refused=yes"),
            ("break", "state-set broken=yes; exit 3"),
        ]));
        await model.SettleAsync();
        return model;
    }

    [Fact]
    public async Task Results_output_and_log_come_back()
    {
        var model = await DeployAsync();

        var task = await model.RunAsync("app/leader", "greet", new JsonObject { ["who"] = "me" });

        Assert.Equal("completed", task.Status);
        Assert.Equal("""{"text":"hello me","a":{"b":"1","c":"2"},"return-code":0,"stdout":"out\n","stderr":"err\n"}""", task.Results.ToJsonString());
        Assert.Equal(["begun"], task.Log.Select(line => line.Text));
    }

    [Fact]
    public async Task A_refused_action_keeps_what_it_wrote_and_a_broken_one_does_not()
    {
        var model = await DeployAsync();

        var refused = await model.RunAsync("app/0", "refuse");
        var broken = await model.RunAsync("app/0", "break");

        Assert.Equal(("failed", "not now", 0), (refused.Status, refused.Message, refused.Results["return-code"]!.GetValue<int>()));
        Assert.Equal(("failed", "exit status 3", 3), (broken.Status, broken.Message, broken.Results["return-code"]!.GetValue<int>()));
        Assert.Equal("{\"refused\":\"yes\"}\n", (await model.ExecAsync("app/0", "state-get --format=json")).Output);
        Assert.Equal("unknown", (await model.UnitAsync("app/0")).Workload.Current);
    }

    [Fact]
    public async Task Unknown_actions_and_wrong_parameters_are_refused_before_they_are_queued()
    {
        var model = await DeployAsync();

        var unknown = await Assert.ThrowsAsync<ControllerException>(() => model.RunAsync("app/0", "dance"));
        var wrong = await Assert.ThrowsAsync<ControllerException>(() => model.RunAsync("app/0", "greet", new JsonObject { ["who"] = 1 }));

        Assert.Equal(("not found", "action \"dance\" not defined on unit \"app/0\""), (unknown.Code, unknown.Message));
        Assert.Contains("validation failed: (root).who : must be of type string, given 1", wrong.Message);
    }
}
