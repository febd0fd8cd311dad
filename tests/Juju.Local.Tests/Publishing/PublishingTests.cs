using System.Net;
using System.Net.Sockets;
using Juju.Local.Api;
using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Publishing;

/// <summary>A port of this machine leads to the units, whatever becomes of the controller.</summary>
public sealed class PublishingTests(LocalController controller) : IClassFixture<LocalController>
{
    const string Server = "nohup python3 -c \"import http.server as s; s.HTTPServer(('', 8000), type('H', (s.BaseHTTPRequestHandler,), {'do_GET': lambda self: (self.send_response(200), self.end_headers(), self.wfile.write(b'$JUJU_UNIT_NAME'))})).serve_forever()\" >/dev/null 2>&1 &";

    [Fact]
    public async Task Connections_go_to_the_units_in_turn_and_the_port_outlives_the_controller()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("web", "", on: ("start", Server)), units: 2);
        await model.SettleAsync();
        var port = FreePort();

        await model.Client.ExposeAsync(new ExposeRequest(model.Name, "web", true, [$"127.0.0.1:{port}:8000"]), default);
        Assert.Equal(["web/0", "web/1"], await AskAsync(port));
        Assert.Equal([$"127.0.0.1:{port}:8000"], (await model.StatusAsync()).Applications["web"].Published);

        using (var process = System.Diagnostics.Process.GetProcessById(controller.Details.ProcessId))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.Equal(["web/0", "web/1"], await AskAsync(port));
        await controller.ConnectAsync();
        await model.Client.RemoveUnitsAsync(new RemoveUnitsRequest(model.Name, "web", [], 1, true, false), default);
        await model.WaitAsync(status => status.Applications["web"].Units.Count == 1);
        Assert.Equal(["web/0"], await AskAsync(port));

        await model.Client.ExposeAsync(new ExposeRequest(model.Name, "web", false), default);
        await UntilClosedAsync(port);
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_nothing_is_changed()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("web", ""));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<ControllerException>(() =>
            model.Client.ExposeAsync(new ExposeRequest(model.Name, "web", true, [$"127.0.0.1:{port}:80"]), default));
        var wrong = await Assert.ThrowsAsync<ControllerException>(() =>
            model.Client.ExposeAsync(new ExposeRequest(model.Name, "web", true, ["80"]), default));

        Assert.StartsWith($"cannot publish 127.0.0.1:{port}: Address already in use; end what listens there", refused.Message, StringComparison.Ordinal);
        Assert.Equal("cannot publish \"80\": expected [ADDRESS:]PORT:UNIT-PORT[/proxy], such as 8080:80", wrong.Message);
        Assert.False((await model.StatusAsync()).Applications["web"].Exposed);
    }

    // Whom eight connections met; the servers may take a moment to start.
    static async Task<IEnumerable<string>> AskAsync(int port)
    {
        var met = new SortedSet<string>();
        for (var asked = 0; asked < 8;)
        {
            using var http = new HttpClient();
            http.DefaultRequestHeaders.ConnectionClose = true;
            try
            {
                met.Add(await http.GetStringAsync($"http://127.0.0.1:{port}/"));
                asked++;
            }
            catch (HttpRequestException) when (met.Count == 0)
            {
                await Task.Delay(50);
            }
        }

        return met;
    }

    static async Task UntilClosedAsync(int port)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
            }
            catch (SocketException)
            {
                return;
            }

            await Task.Delay(20);
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
