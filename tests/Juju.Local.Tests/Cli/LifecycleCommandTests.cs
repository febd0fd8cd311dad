namespace Juju.Local.Tests.Cli;

/// <summary>From nothing to nothing: bundle, scale, refresh, removal.</summary>
[Collection(nameof(LocalController))]
public sealed class LifecycleCommandTests(LocalController juju)
{
    [Fact]
    public async Task A_bundle_is_deployed_once_changed_and_taken_away()
    {
        var charm = Path.Combine(juju.Folder, "changing");
        TestCharm.Write(charm);
        var bundle = Path.Combine(juju.Folder, "bundle.yaml");
        File.WriteAllText(bundle, """
            bundle: kubernetes
            applications:
              front: {charm: ./changing, scale: 2, options: {port: 90}, trust: true}
              back: {charm: tester, channel: latest/edge, scale: 1}
            relations:
            - [front:backend, back:web]
            """);
        await juju.DoAsync("add-model", "life", "--no-switch");
        Assert.Contains("--trust", (await juju.RunAsync("deploy", "-m", "life", bundle)).Error);
        Assert.Contains("- deploy application back", (await juju.DoAsync("deploy", "-m", "life", bundle, "--trust", "--dry-run")).Out);

        await juju.DoAsync("deploy", "-m", "life", bundle, "--trust");
        await juju.WaitAsync("life", "model", "life", "len(units)==3 && forEach(units, u => u.workload-status==\"active\" && u.agent-status==\"idle\")");
        Assert.Equal("No changes to apply.\n", (await juju.DoAsync("deploy", "-m", "life", bundle, "--trust")).Error);

        File.WriteAllText(bundle, File.ReadAllText(bundle).Replace("scale: 2", "scale: 1").Replace("port: 90", "port: 91"));
        var changes = (await juju.DoAsync("deploy", "-m", "life", bundle, "--trust")).Error;
        Assert.Contains("- set application options for front: port\n- scale front to 1 units\n", changes);
        await juju.WaitAsync("life", "model", "life", "len(units)==2");

        TestCharm.Write(charm, greeting: "changed");
        Assert.Contains("- upgrade front to charm tester, revision 1", (await juju.DoAsync("deploy", "-m", "life", bundle, "--trust")).Error);
        await juju.WaitAsync("life", "unit", "front/0", "workload-message==\"changed\"");

        Assert.Equal("front scaled to 3 units\n", (await juju.DoAsync("scale-application", "-m", "life", "front", "3")).Error);
        await juju.DoAsync("add-unit", "-m", "life", "back");
        await juju.WaitAsync("life", "model", "life", "len(units)==5 && forEach(units, u => u.workload-status==\"active\")");
        Assert.Equal("scaling down to 1 units\n", (await juju.DoAsync("remove-unit", "-m", "life", "--no-prompt", "front", "--num-units", "2")).Error);
        await juju.WaitAsync("life", "application", "front", "len(units)==1");

        TestCharm.Write(charm, greeting: "again");
        Assert.Contains("Added local charm \"tester\", revision 2, to the model", (await juju.DoAsync("refresh", "-m", "life", "front", "--path", charm)).Error);
        await juju.WaitAsync("life", "unit", "front/0", "workload-message==\"again\"");
        Assert.Contains("already up-to-date", (await juju.DoAsync("refresh", "-m", "life", "back")).Error);

        var removed = await juju.DoAsync("remove-application", "-m", "life", "--no-prompt", "--destroy-storage", "front");
        Assert.Contains("will remove application front\n- will remove unit front/0\n", removed.Error);
        await juju.WaitAsync("life", "model", "life", "len(applications)==1");

        await juju.DoAsync("destroy-model", "life", "--no-prompt", "--destroy-storage");
        Assert.DoesNotContain("life", (await juju.DoAsync("models", "--format", "short")).Out);
    }
}
