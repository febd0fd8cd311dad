using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Secrets;

static class SecretCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("add-secret", "<name> [key[#base64|#file]=value...]", "Add a new secret.", AddAsync)
        {
            Flags = [Flag.Value("file", "path", "A YAML file containing secret key values"), Flag.Value("info", "text", "The secret description")],
            Details = "It prints the secret's id. Grant it to an application before a charm's option names it.",
            Examples = ["add-secret my-password token=34ae35facd4", "add-secret certificate 'cert#file=/etc/ssl/cert.pem'", "add-secret s --file values.yaml"],
        },
        new("update-secret", "<ID>|<name> [key[#base64|#file]=value...]", "Update an existing secret.", UpdateAsync)
        {
            Flags =
            [
                Flag.Switch("auto-prune", "Used to allow the model to automatically remove revisions which are no longer being tracked by any observers"),
                Flag.Value("file", "path", "A YAML file containing secret key values"), Flag.Value("info", "text", "The secret description"),
                Flag.Value("name", "name", "The new secret name"),
            ],
            Examples = ["update-secret my-password token=34ae35facd4 --auto-prune"],
        },
        new("grant-secret", "<ID>|<name> <application>[,<application>...]", "Grant access to a secret.", GrantAsync),
        new("revoke-secret", "<ID>|<name> <application>[,<application>...]", "Revoke access to a secret.", RevokeAsync),
        new("remove-secret", "<ID>|<name>", "Remove an existing secret.", RemoveAsync)
        {
            Flags = [Flag.Value("revision", "number", "Remove the specified revision", "0")],
        },
        ShowSecretCommands.Show, ShowSecretCommands.List,
    ];

    static async Task<int> AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var words = invocation.Arguments;
        if (words.Count == 0)
        {
            throw new UsageException("missing secret name");
        }

        var content = SecretContent.Read(words.Skip(1), invocation.Line.Text("file"));
        if (content.Count == 0)
        {
            throw new UsageException("missing secret value or filename");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        var added = await controller.AddSecretAsync(new(model, words[0], invocation.Line.Text("info"), content), cancellation);
        invocation.Out.Write($"{(added.Id.StartsWith("secret:", StringComparison.Ordinal) ? "" : "secret:")}{added.Id}\n");
        return 0;
    }

    static async Task<int> UpdateAsync(Invocation invocation, CancellationToken cancellation)
    {
        var words = invocation.Arguments;
        if (words.Count == 0)
        {
            throw new UsageException("missing secret URI or name");
        }

        var line = invocation.Line;
        var content = SecretContent.Read(words.Skip(1), line.Text("file"));
        if (content.Count == 0 && !line.IsGiven("info") && !line.IsGiven("name") && !line.IsGiven("auto-prune"))
        {
            throw new UsageException("must specify at least one of: new content, --info, --name or --auto-prune");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.UpdateSecretAsync(
            new(model, words[0], line.Text("name"), line.Text("info"), line.IsGiven("auto-prune") ? line.Has("auto-prune") : null, content.Count > 0 ? content : null),
            cancellation);
        return 0;
    }

    static Task<int> GrantAsync(Invocation invocation, CancellationToken cancellation) => SetGrantAsync(invocation, false, cancellation);

    static Task<int> RevokeAsync(Invocation invocation, CancellationToken cancellation) => SetGrantAsync(invocation, true, cancellation);

    static async Task<int> SetGrantAsync(Invocation invocation, bool revoke, CancellationToken cancellation)
    {
        invocation.AtMost(2);
        if (invocation.Arguments.Count < 2)
        {
            throw new UsageException(invocation.Arguments.Count == 0 ? "missing secret URI or name" : "missing application name");
        }

        var applications = invocation.Arguments[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.GrantSecretAsync(new(model, invocation.Arguments[0], applications, revoke), cancellation);
        return 0;
    }

    static async Task<int> RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var secret = invocation.Only("missing secret URI or name");
        var revision = invocation.Line.Number("revision", 0);
        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.RemoveSecretAsync(new(model, secret, revision > 0 ? revision : null), cancellation);
        return 0;
    }
}
