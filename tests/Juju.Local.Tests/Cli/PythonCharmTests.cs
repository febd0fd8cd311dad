using System.Diagnostics;

namespace Juju.Local.Tests.Cli;

/// <summary>A charm in Python on <c>ops</c>, which is found where Python finds it; <c>PYTHONPATH</c> may name a checkout.</summary>
[Collection(nameof(LocalController))]
public sealed class PythonCharmTests(LocalController juju)
{
    const string Charm = """
        import ops


        class Charm(ops.CharmBase):
            def __init__(self, framework):
                super().__init__(framework)
                self.framework.observe(self.on.config_changed, self._on_change)
                self.framework.observe(self.on['db'].relation_created, self._on_created)
                self.framework.observe(self.on['db'].relation_changed, self._on_changed)
                self.framework.observe(self.on['greet'].action, self._on_greet)
                self.framework.observe(self.on.secret_changed, self._on_secret)

            def _on_change(self, event):
                self.unit.status = ops.ActiveStatus(self.config['greeting'])

            def _on_created(self, event):
                if self.meta.provides and self.unit.is_leader():
                    secret = self.app.add_secret({'password': 'hunter2'}, label='login')
                    secret.grant(event.relation)
                    event.relation.data[self.app].update({'name': 'one', 'secret': secret.id})

            def _on_changed(self, event):
                data = event.relation.data[event.app]
                if 'secret' in data:
                    content = self.model.get_secret(id=data['secret'], label='theirs').get_content()
                    self.unit.status = ops.ActiveStatus(f"{data['name']} {content['password']}")

            def _on_secret(self, event):
                self.unit.status = ops.ActiveStatus(event.secret.get_content(refresh=True)['password'])

            def _on_greet(self, event):
                event.set_results({'text': f"hello {event.params['who']}"})


        if __name__ == '__main__':
            ops.main(Charm)
        """;

    static string Python => "/usr/bin/python3";

    [Fact]
    public async Task It_has_config_relations_secrets_and_actions()
    {
        Assert.SkipUnless(File.Exists(Python), $"there is no {Python}");
        var ops = await FindOpsAsync();
        Assert.SkipUnless(ops.Length > 0, "the Python library ops is not there; run: pip install ops, or name a checkout in PYTHONPATH");
        Write("server", "provides: {db: {interface: db}}", ops);
        Write("client", "requires: {db: {interface: db}}", ops);
        await juju.DoAsync("add-model", "snakes", "--no-switch");

        await juju.DoAsync("deploy", "-m", "snakes", Path.Combine(juju.Folder, "py-server"));
        await juju.DoAsync("deploy", "-m", "snakes", Path.Combine(juju.Folder, "py-client"), "--config", "greeting=salve");
        await juju.WaitAsync("snakes", "unit", "client/0", "workload-message==\"salve\"");
        await juju.DoAsync("integrate", "-m", "snakes", "server", "client");
        await juju.WaitAsync("snakes", "unit", "client/0", "workload-message==\"one hunter2\"");
        await juju.DoAsync("exec", "-m", "snakes", "--unit", "server/0", "--", "secret-set $(secret-ids) password=hunter3");
        await juju.WaitAsync("snakes", "unit", "client/0", "workload-message==\"hunter3\"");
        var greeted = await juju.DoAsync("run", "-m", "snakes", "client/0", "greet", "who=you", "--format", "json");

        Assert.Equal("hello you", greeted.Json["client/0"]!["results"]!["text"]!.GetValue<string>());
        await juju.DoAsync("destroy-model", "snakes", "--no-prompt");
    }

    void Write(string name, string endpoints, string ops)
    {
        var folder = Path.Combine(juju.Folder, "py-" + name);
        Directory.CreateDirectory(Path.Combine(folder, "src"));
        File.WriteAllText(Path.Combine(folder, "metadata.yaml"), $"name: {name}\nsummary: A charm for tests\n{endpoints}\n");
        File.WriteAllText(Path.Combine(folder, "config.yaml"), "options: {greeting: {type: string, default: hello}}\n");
        File.WriteAllText(Path.Combine(folder, "actions.yaml"), "greet: {params: {who: {type: string}}}\n");
        File.WriteAllText(Path.Combine(folder, "src/charm.py"), Charm);
        var dispatch = Path.Combine(folder, "dispatch");
        File.WriteAllText(dispatch, $"#!/bin/sh\nPYTHONPATH=venv exec {Python} ./src/charm.py\n");
        File.SetUnixFileMode(dispatch, (UnixFileMode)0b111_101_101);

        // As charmcraft packs it: the library is the charm's own.
        using var copy = Process.Start("cp", ["-rL", "--", ops, Directory.CreateDirectory(Path.Combine(folder, "venv")).FullName]);
        copy.WaitForExit();
    }

    static async Task<string> FindOpsAsync()
    {
        var start = new ProcessStartInfo(Python, ["-c", "import ops, os; print(os.path.dirname(ops.__file__))"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : "";
    }
}
