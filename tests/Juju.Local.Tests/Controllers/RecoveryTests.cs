using System.Diagnostics;
using Juju.Local.Api;

namespace Juju.Local.Tests.Controllers;

public sealed class RecoveryTests(LocalController controller) : IClassFixture<LocalController>
{
    [Fact]
    public async Task A_controller_killed_in_a_hook_runs_it_again_and_workloads_never_stop()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(
            model.WriteCharm("app", "containers: {web: {resource: image}}\nresources: {image: {type: oci-image}}", "options: {go: {type: string}}", on:
            [
                ("web-pebble-ready", "status-set active"),
                ("config-changed", "[ -z \"$(config-get go)\" ] || { state-set half=done; [ -e /tmp/again ] || { touch /tmp/again; juju-log 'EVENT half-way'; sleep 1000; }; status-set active through; }"),
            ]),
            resources: new() { ["image"] = "host" });
        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Current == "active");
        await model.SettleAsync();
        var before = await BootAsync(model);

        await model.Client.SetConfigAsync(new SetConfigRequest(model.Name, "app", new Dictionary<string, string> { ["go"] = "1" }, []), default);
        await model.EventsAsync("app/0", events => events.Contains("half-way"));
        using (var process = Process.GetProcessById(controller.Details.ProcessId))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await controller.ConnectAsync();
        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Message == "through");
        await model.SettleAsync();

        Assert.Equal(before, await BootAsync(model));
        Assert.Equal(3, (await model.EventsAsync("app/0")).Count(item => item == "config-changed"));
        Assert.Equal(1, (await model.EventsAsync("app/0")).Count(item => item == "web-pebble-ready"));
    }

    [Fact]
    public async Task After_a_shutdown_the_next_command_brings_the_model_back()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "storage: {data: {type: filesystem}}", on: ("start", "status-set active")));
        await model.SettleAsync();
        await model.ExecAsync("app/0", "echo kept > /var/lib/juju/storage/data/0/file");

        await model.Client.ShutdownAsync(default);
        await controller.ConnectAsync();
        await model.EventsAsync("app/0", events => events.Count(item => item == "start") == 2);
        await model.SettleAsync();

        Assert.Equal("kept\n", (await model.ExecAsync("app/0", "cat /var/lib/juju/storage/data/0/file")).Output);
        Assert.Equal(1, (await model.EventsAsync("app/0")).Count(item => item == "install"));
    }

    static async Task<string> BootAsync(TestModel model) =>
        (await model.ExecAsync("app/0", "curl -s --unix-socket /charm/containers/web/pebble.socket http://x/v1/system-info")).Output;
}
