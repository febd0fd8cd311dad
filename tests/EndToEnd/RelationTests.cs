namespace EndToEnd;

/// <summary>Integrations come and go; the status and the service follow.</summary>
public sealed class RelationTests(ForumModel model)
{
    [Theory]
    [InlineData("postgresql-k8s:database", "Waiting for database relation")]
    [InlineData("redis-k8s:redis", "Waiting for redis relation")]
    public async Task Without_a_required_integration_the_forum_waits_and_stops(string other, string message)
    {
        var server = $"http://{await model.AddressOfAsync("discourse-k8s/0")}:3000/srv/status";
        using var http = new HttpClient();

        await model.JujuAsync("remove-relation", "discourse-k8s", other);
        await model.UntilAsync($"discourse-k8s is waiting: {message}", async () =>
        {
            var unit = (await model.StatusAsync()).GetProperty("applications").GetProperty("discourse-k8s").GetProperty("units").GetProperty("discourse-k8s/0");
            return ForumModel.StatusOf(unit, "workload-status") == "waiting" && ForumModel.MessageOf(unit, "workload-status") == message;
        });
        await model.UntilAsync("the server is gone", async () =>
        {
            try
            {
                using var answer = await http.GetAsync(server, TestContext.Current.CancellationToken);
                return false;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        });

        await model.UntilAsync("the integration is gone on both sides", async () => !Relations(await model.StatusAsync()).Contains(other.Split(':')[1]));
        Assert.Equal(0, (await model.JujuAsync("integrate", "discourse-k8s", other)).ExitCode);
        await model.SettleAsync();
        Assert.Equal("ok", await http.GetStringAsync(server, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_the_ingress_the_forum_stays_active_and_is_routed_again_afterwards()
    {
        await model.JujuAsync("remove-relation", "discourse-k8s", "nginx-ingress-integrator");
        await model.UntilAsync("the ingress waits for a relation", async () =>
        {
            var units = (await model.StatusAsync()).GetProperty("applications");
            return ForumModel.StatusOf(units.GetProperty("nginx-ingress-integrator").GetProperty("units").GetProperty("nginx-ingress-integrator/0"), "workload-status") == "waiting"
                && ForumModel.StatusOf(units.GetProperty("discourse-k8s").GetProperty("units").GetProperty("discourse-k8s/0"), "workload-status") == "active";
        });

        await model.UntilAsync("the integration is gone on both sides", async () => !Relations(await model.StatusAsync()).Contains("nginx-route"));
        Assert.Equal(0, (await model.JujuAsync("integrate", "discourse-k8s", "nginx-ingress-integrator")).ExitCode);

        await model.SettleAsync();
        using var http = new HttpClient();
        Assert.Equal("ok", await http.GetStringAsync(new Uri(await model.ForumUrlAsync(), "/srv/status"), TestContext.Current.CancellationToken));
    }

    static IEnumerable<string> Relations(System.Text.Json.JsonElement status) =>
        status.GetProperty("applications").GetProperty("discourse-k8s").TryGetProperty("relations", out var relations)
            ? relations.EnumerateObject().Select(r => r.Name) : [];
}
