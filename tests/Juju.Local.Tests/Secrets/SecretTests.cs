using Juju.Local.Api;
using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Secrets;

public sealed class SecretTests(LocalController controller) : IClassFixture<LocalController>
{
    [Fact]
    public async Task A_granted_secret_is_read_and_a_new_revision_is_told()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("owner", "provides: {web: {interface: http}}", on:
            ("web-relation-created", "id=$(secret-add --label pw password=one); secret-grant $id -r $JUJU_RELATION_ID; relation-set --app secret=$id")));
        await model.DeployAsync(model.WriteCharm("reader", "requires: {site: {interface: http}}", on:
        [
            ("site-relation-changed", "id=$(relation-get --app secret owner); status-set active \"$(secret-get $id --label theirs password)\""),
            ("secret-changed", "status-set active \"$(secret-get --label theirs password) $(secret-get --label theirs --peek password) $(secret-get --label theirs --refresh password)\""),
        ]));
        await model.IntegrateAsync("owner", "reader");
        await model.WaitAsync(status => status.Applications["reader"].Units[0].Workload.Message == "one");
        await model.SettleAsync();

        var set = await model.ExecAsync("owner/0", "secret-set $(secret-ids) password=two; secret-set $(secret-ids) password=three");
        await model.WaitAsync(status => status.Applications["reader"].Units[0].Workload.Message == "one three three");
        await model.EventsAsync("owner/0", events => events.Contains("secret-remove"));
        await model.SettleAsync();

        Assert.Equal(0, set.ExitCode);
        Assert.Equal(1, (await model.EventsAsync("reader/0")).Count(item => item == "secret-changed"));
        var secret = Assert.Single(await model.Client.ListSecretsAsync(new ListSecretsRequest(model.Name, "owner"), default));
        Assert.Equal((2, "pw"), (secret.Revision, secret.Label));
        var shown = await model.Client.GetSecretAsync(new SecretRequest(model.Name, secret.Id, true, null), default);
        Assert.Equal("three", shown.Content!["password"]);
        Assert.Equal("application-reader", Assert.Single(shown.Access).Target);
    }

    [Fact]
    public async Task Errors_are_the_texts_that_charm_libraries_match()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("owner", ""), units: 2);
        await model.DeployAsync(model.WriteCharm("other", ""));
        await model.SettleAsync();
        var id = (await model.ExecAsync("owner/0", "secret-add token=abc")).Output.Trim();

        async Task<string> ErrorAsync(string unit, string command) => (await model.ExecAsync(unit, command)).Error.Trim();

        Assert.Matches("^secret:[0-9a-z]{20}$", id);
        Assert.Equal("ERROR permission denied", await ErrorAsync("other/0", $"secret-get {id}"));
        Assert.Equal("ERROR secret \"none\" not found", await ErrorAsync("owner/0", "secret-get --label none"));
        Assert.Equal("ERROR secret owner cannot use --refresh", await ErrorAsync("owner/0", $"secret-get {id} --refresh"));
        Assert.Equal("ERROR this unit is not the leader", await ErrorAsync("owner/1", "secret-add token=abc"));
        Assert.Equal("ERROR key \"ab\" not valid", await ErrorAsync("owner/0", "secret-add ab=abc"));
        Assert.Equal("ERROR specify one of --peek or --refresh but not both", await ErrorAsync("owner/0", $"secret-get {id} --peek --refresh"));
    }

    [Fact]
    public async Task A_revision_that_expired_is_told_and_can_be_removed_and_a_far_rotation_is_waited_for()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("owner", "", on:
        [
            ("start", "secret-add --rotate yearly --label far token=abc; secret-add --expire 1s --label soon token=abc"),
            ("secret-expired", "secret-remove $JUJU_SECRET_ID --revision $JUJU_SECRET_REVISION; status-set active \"$JUJU_SECRET_LABEL $JUJU_SECRET_REVISION\""),
        ]));

        await model.WaitAsync(status => status.Applications["owner"].Units[0].Workload.Message == "soon 1");
        await model.SettleAsync();

        Assert.Equal("far", Assert.Single(await model.Client.ListSecretsAsync(new ListSecretsRequest(model.Name, "owner"), default)).Label);
        Assert.DoesNotContain(await model.LinesAsync("owner/0"), line => line.Contains("unit agent failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_users_secret_that_is_pruned_keeps_the_revisions_in_use()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "", on: ("secret-changed", "status-set active \"$(secret-get $JUJU_SECRET_ID --refresh token)\"")));
        await model.SettleAsync();
        var secret = await model.Client.AddSecretAsync(new AddSecretRequest(model.Name, "mine", null, Token("one")), default);
        await model.Client.GrantSecretAsync(new GrantSecretRequest(model.Name, "mine", ["app"], false), default);
        await model.ExecAsync("app/0", $"secret-get {secret.Id}");

        await model.Client.UpdateSecretAsync(new UpdateSecretRequest(model.Name, "mine", null, null, AutoPrune: true, Token("two")), default);
        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Message == "two");
        await model.SettleAsync();

        var shown = await model.Client.GetSecretAsync(new SecretRequest(model.Name, "mine", false, null), default);
        Assert.Equal([2], shown.Revisions.Select(revision => revision.Revision));
    }

    static Dictionary<string, string> Token(string value) => new() { ["token"] = value };

    [Fact]
    public async Task A_users_secret_is_read_where_it_is_granted()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", ""));
        await model.SettleAsync();

        var secret = await model.Client.AddSecretAsync(
            new AddSecretRequest(model.Name, "mine", null, new Dictionary<string, string> { ["token"] = "abc" }), default);
        var before = await model.ExecAsync("app/0", $"secret-get {secret.Id}");
        await model.Client.GrantSecretAsync(new GrantSecretRequest(model.Name, "mine", ["app"], false), default);
        var after = await model.ExecAsync("app/0", $"secret-get {secret.Id}");

        Assert.Equal("ERROR permission denied\n", before.Error);
        Assert.Equal("token: abc\n", after.Output);
    }
}
