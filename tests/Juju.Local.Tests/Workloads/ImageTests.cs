using Juju.Local.Api;
using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Workloads;

/// <summary>An image is what it was when it was given, until another is attached.</summary>
public sealed class ImageTests(LocalController controller) : IClassFixture<LocalController>
{
    const string Metadata = "containers: {web: {resource: image}}\nresources: {image: {type: oci-image}}";

    [Fact]
    public async Task A_folder_that_is_built_anew_reaches_containers_by_a_refresh_only()
    {
        var model = await controller.AddModelAsync();
        var charm = model.WriteCharm("app", Metadata);
        var image = Directory.CreateDirectory(Path.Combine(charm, "../image")).FullName;
        var resources = new Dictionary<string, string> { ["image"] = image };
        File.WriteAllText(Path.Combine(image, "version"), "one\n");
        await model.DeployAsync(charm, resources: resources);
        await model.EventsAsync("app/0", events => events.Contains("web-pebble-ready"));
        await model.SettleAsync();
        Assert.Equal("one\n", await InContainerAsync(model, "cat", "/version"));

        File.WriteAllText(Path.Combine(image, "version"), "two\n");
        Assert.Equal("one\n", await InContainerAsync(model, "cat", "/version"));
        await InContainerAsync(model, "pkill", "-KILL", "-x", "pebble");
        await model.EventsAsync("app/0", events => events.Count(item => item == "web-pebble-ready") == 2);
        Assert.Equal("one\n", await InContainerAsync(model, "cat", "/version"));

        var refreshed = await model.Client.RefreshAsync(new RefreshRequest { Model = model.Name, Application = "app", Resources = resources }, default);
        await model.EventsAsync("app/0", events => events.Count(item => item == "web-pebble-ready") == 3);
        await model.SettleAsync();
        var again = await model.Client.RefreshAsync(new RefreshRequest { Model = model.Name, Application = "app", Resources = resources }, default);

        Assert.Equal(["image"], refreshed.Resources);
        Assert.Empty(again.Resources);
        Assert.Equal("two\n", await InContainerAsync(model, "cat", "/version"));
        Assert.Equal(["stop", "upgrade-charm", "config-changed", "start"], (await model.EventsAsync("app/0")).Where(item => !item.StartsWith("web-", StringComparison.Ordinal)).TakeLast(4));
    }

    [Fact]
    public async Task A_container_whose_check_of_level_alive_is_down_is_restarted()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", Metadata, on:
            ("web-pebble-ready", """
                [ ! -e /tmp/seen ] || { status-set active again; exit 0; }
                touch /tmp/seen
                cat > /tmp/layer.json <<'END'
                {"action": "add", "combine": true, "label": "web", "format": "yaml", "layer": "{checks: {up: {override: replace, level: alive, period: 100ms, timeout: 90ms, threshold: 1, exec: {command: 'false'}}}}"}
                END
                curl -sf --unix-socket /charm/containers/web/pebble.socket -H 'Content-Type: application/json' --data-binary @/tmp/layer.json http://x/v1/layers >/dev/null
                """)), resources: new() { ["image"] = "host" });

        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Message == "again");

        Assert.Contains(await model.LinesAsync("app/0"), line => line.Contains("container \"web\" is restarted: liveness probe failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused()
    {
        var model = await controller.AddModelAsync();
        var charm = model.WriteCharm("app", Metadata);

        var refused = await Assert.ThrowsAsync<ControllerException>(() => model.DeployAsync(charm, resources: new() { ["image"] = "/nowhere/image.yaml" }));

        Assert.Equal("resource \"image\": there is no folder \"/nowhere/image\" with the root of its image; give a folder, or host for this machine's own programs", refused.Message);
    }

    static async Task<string> InContainerAsync(TestModel model, params string[] command)
    {
        var entry = await model.Client.GetContainerAsync(new ContainerRequest(model.Name, "app/0", "web"), default);
        var start = new System.Diagnostics.ProcessStartInfo(entry.Prefix[0], [.. entry.Prefix.Skip(1), .. command]) { RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
