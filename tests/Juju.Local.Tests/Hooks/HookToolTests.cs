using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Hooks;

/// <summary>Tools as a charm calls them, against the texts and exit codes of the hook tool reference.</summary>
public sealed class HookToolTests(LocalController controller) : IClassFixture<LocalController>, IAsyncLifetime
{
    TestModel model = null!;

    public async ValueTask InitializeAsync()
    {
        model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm(
            "app", "provides: {web: {interface: http}}\npeers: {friends: {interface: friends}}\nstorage: {data: {type: filesystem}}",
            "options: {name: {type: string, default: hi}, count: {type: int, default: 3}, rate: {type: float, default: 1.5}, flag: {type: boolean, default: true}, unset: {type: string}}"));
        await model.SettleAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Each_call_prints_what_the_reference_says()
    {
        (string Command, string Output)[] cases =
        [
            ("config-get name", "hi\n"),
            ("config-get --format=json", "{\"count\":3,\"flag\":true,\"name\":\"hi\",\"rate\":1.5}\n"),
            ("config-get --format json unset", "null\n"),
            ("config-get flag", "True\n"),
            ("config-get unset", ""),
            ("is-leader --format=json", "true\n"),
            ("relation-ids friends", "friends:0\n"),
            ("relation-ids --format=json web", "[]\n"),
            ("relation-list --format=json -r friends:0", "[]\n"),
            ("relation-list --format=json --app -r 0", "\"app\"\n"),
            ("relation-set -r friends:0 --app a=1 b=2; relation-get --format=json -r friends:0 --app - app", "{\"a\":\"1\",\"b\":\"2\"}\n"),
            ("printf '{\"x\": \"y z\", \"gone\": \"\"}' | relation-set -r 0 --file -; relation-get -r 0 x app/0", "y z\n"),
            ("printf '\"#n#\": |\\n  a\\n  b\\n' | state-set --file -; state-get '#n#'", "a\nb\n\n"),
            ("state-set k=v; state-get k; state-delete k; state-get k", "v\n"),
            ("storage-list --format=json", "[\"data/0\"]\n"),
            ("storage-get --format=json -s data/0", "{\"kind\":\"filesystem\",\"location\":\"/var/lib/juju/storage/data/0\"}\n"),
            ("status-set --application=False active -- 'all well'; status-get --include-data --format=json --application=false",
                "{\"message\":\"all well\",\"status\":\"active\",\"status-data\":{}}\n"),
            ("status-get", "active\n"),
            ("config-get name -o /tmp/name; cat /tmp/name", "hi\n"),
            ("open-port 80; open-port 8080-8088/udp; opened-ports --format=json", "[]\n"),
            ("opened-ports --format=json", "[\"80/tcp\",\"8080-8088/udp\"]\n"),
        ];
        foreach (var (command, output) in cases)
        {
            var result = await model.ExecAsync("app/0", command);

            Assert.Equal((command, output, ""), (command, result.Output, result.Error));
        }
    }

    [Fact]
    public async Task Each_refusal_has_the_text_and_exit_code_of_the_reference()
    {
        (string Command, int ExitCode, string Error)[] cases =
        [
            ("status-set broken", 2, "invalid status \"broken\", expected one of [maintenance blocked waiting active]"),
            ("status-set", 2, "invalid args, require <status> [message]"),
            ("relation-get -r web:9 - app/0", 2, "invalid value \"web:9\" for option -r: relation not found"),
            ("relation-get", 2, "no relation id specified"),
            ("relation-get -r 0 - app", 2, "expected unit name, got application name \"app\""),
            ("relation-ids", 2, "no endpoint name specified"),
            ("config-get --all name", 2, "cannot use argument --all together with key \"name\""),
            ("config-get --nope", 2, "option provided but not defined: --nope"),
            ("action-get", 1, "not running an action"),
            ("network-get nope", 1, "no network config found for binding \"nope\""),
            ("network-get", 2, "no arguments specified"),
            ("credential-get", 1, "cannot access cloud credentials"),
            ("resource-get", 2, "missing required resource name"),
            ("juju-log", 2, "no message specified"),
            ("JUJU_CONTEXT_ID=x is-leader", 1, "bad request: expected context id "),
            ("state-set --file /none", 1, "open /none: no such file or directory"),
        ];
        foreach (var (command, exitCode, error) in cases)
        {
            var result = await model.ExecAsync("app/0", command);

            Assert.StartsWith($"{command}: ERROR {error}", $"{command}: {result.Error}", StringComparison.Ordinal);
            Assert.Equal((command, exitCode, ""), (command, result.ExitCode, result.Output));
        }
    }

    [Fact]
    public async Task The_environment_is_the_reference_and_nothing_else()
    {
        var result = await model.ExecAsync("app/0", "env -u _ -u PWD -u SHLVL -u OLDPWD | cut -d= -f1 | sort | tr '\\n' ' '");

        Assert.Equal(
            "APT_LISTCHANGES_FRONTEND CHARM_DIR CLOUD_API_VERSION DEBIAN_FRONTEND JUJU_AGENT_SOCKET_ADDRESS JUJU_AGENT_SOCKET_NETWORK "
            + "JUJU_API_ADDRESSES JUJU_AVAILABILITY_ZONE JUJU_CHARM_DIR JUJU_CHARM_FTP_PROXY JUJU_CHARM_HTTPS_PROXY JUJU_CHARM_HTTP_PROXY "
            + "JUJU_CHARM_NO_PROXY JUJU_CONTEXT_ID JUJU_DISPATCH_PATH JUJU_HOOK_NAME JUJU_MACHINE_ID JUJU_MODEL_NAME JUJU_MODEL_UUID "
            + "JUJU_PRINCIPAL_UNIT JUJU_UNIT_NAME JUJU_VERSION LANG PATH TERM ",
            result.Output);
    }
}
