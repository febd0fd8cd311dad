using Juju.Local.Api;
using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Workloads;

public sealed class PebbleTests(LocalController controller) : IClassFixture<LocalController>
{
    const string Metadata = """
        containers: {web: {resource: image, mounts: [{storage: data, location: /srv/data}]}}
        resources: {image: {type: oci-image}}
        storage: {data: {type: filesystem}}
        """;

    const string Ready = """
        cat > /tmp/layer.json <<'END'
        {"action": "add", "combine": true, "label": "web", "format": "yaml", "layer": "{services: {web: {override: replace, startup: enabled, command: python3 -m http.server 8000 -d /srv/data}}, checks: {up: {override: replace, period: 100ms, timeout: 90ms, threshold: 1, exec: {command: test ! -e /srv/data/down}}}}"}
        END
        ask() { curl -sf --unix-socket /charm/containers/web/pebble.socket -H 'Content-Type: application/json' "$@" >/dev/null; }
        ask --data-binary @/tmp/layer.json http://x/v1/layers && ask -d '{"action": "replan"}' http://x/v1/services
        echo hello > $(storage-get -s data/0 location)/page
        open-port 8000
        status-set active
        """;

    [Fact]
    public async Task A_workload_serves_on_the_units_address_and_its_Pebble_makes_events()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", Metadata, on: ("web-pebble-ready", Ready)), resources: new() { ["image"] = "host" });
        var status = await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Current == "active");
        await model.SettleAsync();

        // Shared with the charm container: the network and the storage.
        Assert.Equal("hello\n", (await model.ExecAsync("app/0", "curl -s --retry 20 --retry-delay 1 --retry-connrefused http://localhost:8000/page")).Output);
        using var http = new HttpClient();
        Assert.Equal("hello\n", await http.GetStringAsync($"http://{status.Applications["app"].Units[0].Address}:8000/page"));

        await model.ExecAsync("app/0", "touch /var/lib/juju/storage/data/0/down");
        await model.EventsAsync("app/0", events => events.Contains("web-pebble-check-failed"));
        await model.ExecAsync("app/0", "rm /var/lib/juju/storage/data/0/down");
        await model.EventsAsync("app/0", events => events.Contains("web-pebble-check-recovered"));
        await model.ExecAsync("app/0", "curl -sf --unix-socket /charm/containers/web/pebble.socket -H 'Content-Type: application/json' -d '{\"action\": \"add\", \"type\": \"custom\", \"key\": \"example.com/a\"}' http://x/v1/notices");
        await model.EventsAsync("app/0", events => events.Contains("web-pebble-custom-notice"));

        // Its Pebble is all of a container: killed, the container begins anew.
        await KillPebbleAsync(model);
        await model.EventsAsync("app/0", events => events.Count(item => item == "web-pebble-ready") == 2);
        await model.SettleAsync();
        Assert.Equal("hello\n", (await model.ExecAsync("app/0", "curl -s --retry 20 --retry-delay 1 --retry-connrefused http://localhost:8000/page")).Output);
    }

    static async Task KillPebbleAsync(TestModel model)
    {
        var entry = await model.Client.GetContainerAsync(new ContainerRequest(model.Name, "app/0", "web"), default);
        using var process = System.Diagnostics.Process.Start(entry.Prefix[0], [.. entry.Prefix.Skip(1), "pkill", "-KILL", "-x", "pebble"])!;
        await process.WaitForExitAsync();
    }
}
