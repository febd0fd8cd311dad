using Pebble.Client;
using Pebble.Formats;
using Pebble.Plan;

namespace Pebble.Cli;

static class IdentityCommands
{
    static readonly Option From = Option.Text("from", "Path of YAML file to read identities from (required)") with { Required = true };

    public static IEnumerable<Command> All =>
    [
        new("identities", "List identities", """
            The identities command lists all identities.

            The other commands for identities (use --help with each) are:

            pebble identity           Show a single identity
            pebble add-identities     Add new identities
            pebble update-identities  Update or replace identities
            pebble remove-identities  Remove identities
            """, ListAsync)
        {
            Options = [Option.Format],
        },
        new("identity", "Show a single identity", "The identity command shows one identity as YAML.", ShowAsync)
        {
            Options = [Option.Format],
            Positionals = [new("<name>")],
        },
        new("add-identities", "Add new identities", """
            The add-identities command adds identities. None of them may exist already.

            This YAML adds a local admin named "bob":

            > identities:
            >     bob:
            >         access: admin
            >         local:
            >             user-id: 42

            And this "alice", who may read metrics with a password:

            > identities:
            >     alice:
            >         access: metrics
            >         basic:
            >             password: <password hash>

            Make the hash with "openssl passwd -6" (sha512-crypt).
            """, AddAsync)
        {
            Options = [From],
        },
        new("update-identities", "Update or replace identities", """
            The update-identities command changes identities, which must exist.

            With --replace it adds those that do not exist, and removes those that are null.
            This YAML makes sure of an admin "alice" and that there is no "bob":

            > identities:
            >     alice:
            >         access: admin
            >         local:
            >             user-id: 1000
            >     bob: null
            """, UpdateAsync)
        {
            Options = [From, Option.Flag("replace", "Replace (add or update) identities; remove null identities")],
        },
        new("remove-identities", "Remove identities", """
            The remove-identities command removes identities. They must exist, and be null in
            the YAML:

            > identities:
            >     alice: null
            >     bob: null
            """, RemoveAsync)
        {
            Options = [From],
        },
    ];

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var identities = (await invocation.Client.ListIdentitiesAsync(cancellation)).OrderBy(each => each.Key, StringComparer.Ordinal).ToList();
        if (invocation.Format != "text")
        {
            new Document.Members(("identities", new Document.Members([.. identities.Select(each => (each.Key, (Document?)Show(each.Value)))])))
                .Print(invocation.Format);
            return 0;
        }

        if (identities.Count == 0)
        {
            Output.ErrorLine("No identities.");
            return 0;
        }

        var table = new Table().Row("Name", "Access", "Types");
        foreach (var (name, identity) in identities)
        {
            string[] types = [.. new[] { identity.Basic is null ? "" : "basic", identity.Local is null ? "" : "local" }.Where(type => type.Length > 0)];
            table.Row(name, Words.Of(identity.Access), types.Length == 0 ? "unknown" : string.Join(',', types));
        }

        Output.Write(table.ToString());
        return 0;
    }

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Arguments[0];
        var identities = await invocation.Client.ListIdentitiesAsync(cancellation);
        Show(identities.GetValueOrDefault(name) ?? throw new CommandException($"cannot find identity {GoQuote.Quote(name)}")).Print(invocation.Format);
        return 0;
    }

    static async Task<int> AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var identities = Read(invocation.Value("from"));
        await invocation.Client.AddIdentitiesAsync(Values(identities, "add"), cancellation);
        Output.Line($"Added {Count(identities.Count, "new identity", "new identities")}.");
        return 0;
    }

    static async Task<int> UpdateAsync(Invocation invocation, CancellationToken cancellation)
    {
        var identities = Read(invocation.Value("from"));
        if (invocation.Has("replace"))
        {
            await invocation.Client.ReplaceIdentitiesAsync(identities, cancellation);
            Output.Line($"Replaced {Count(identities.Count, "identity", "identities")}.");
            return 0;
        }

        await invocation.Client.UpdateIdentitiesAsync(Values(identities, "update"), cancellation);
        Output.Line($"Updated {Count(identities.Count, "identity", "identities")}.");
        return 0;
    }

    static async Task<int> RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var identities = Read(invocation.Value("from"));
        if (identities.FirstOrDefault(each => each.Value is not null).Key is { } name)
        {
            throw new CommandException($"identity value for {GoQuote.Quote(name)} must be null for remove operation");
        }

        await invocation.Client.RemoveIdentitiesAsync([.. identities.Keys], cancellation);
        Output.Line($"Removed {Count(identities.Count, "identity", "identities")}.");
        return 0;
    }

    static Dictionary<string, Identity> Values(Dictionary<string, Identity?> identities, string action) =>
        identities.ToDictionary(each => each.Key, each => each.Value
            ?? throw new CommandException($"identity value for {GoQuote.Quote(each.Key)} must not be null for {action} operation"));

    static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";

    static Document.Members Show(Identity identity) => new(
        ("access", Words.Of(identity.Access)),
        ("local", identity.Local is { } local ? new Document.Members(("user-id", local.UserId)) : null),
        ("basic", identity.Basic is { } basic ? new Document.Members(("password", basic.Password)) : null),
        ("cert", identity.Cert is { } cert ? new Document.Members(("pem", cert.Pem)) : null));

    public static Dictionary<string, Identity?> Read(string path)
    {
        var text = LocalFile.ReadText(path);
        try
        {
            var problems = new YamlProblems();
            var all = YamlNode.Parse(text) is { } document ? problems.Entries(document, "map[string]interface {}") : [];
            var identities = all.FirstOrDefault(each => each.Key == "identities").Value is { } node and not YamlScalar { IsNull: true }
                ? problems.Entries(node, "map[string]*client.Identity")
                : [];
            var result = identities.ToDictionary(
                each => each.Key, each => each.Value is YamlScalar { IsNull: true } ? null : Identity(each.Key, each.Value, problems));
            problems.Throw();
            return result.Count > 0 ? result : throw new CommandException("no identities to add; did you forget the top-level \"identities\" key?");
        }
        catch (Exception e) when (e is FormatException or PlanError)
        {
            throw new CommandException($"cannot unmarshal identities: {e.Message}");
        }
    }

    static Identity Identity(string name, YamlNode node, YamlProblems problems)
    {
        var fields = new YamlFields(node, "client.Identity", problems);
        return new()
        {
            Access = fields.Text("access") switch
            {
                "admin" => IdentityAccess.Admin,
                "read" => IdentityAccess.Read,
                "metrics" => IdentityAccess.Metrics,
                "untrusted" => IdentityAccess.Untrusted,
                "" => throw new CommandException(
                    $"invalid identity for {GoQuote.Quote(name)}: access value must be specified (\"admin\", \"read\", \"metrics\", or \"untrusted\")"),
                var other => throw new CommandException(
                    $"invalid access value {GoQuote.Quote(other)}, must be \"admin\", \"read\", \"metrics\", or \"untrusted\""),
            },
            Local = fields.Below("local", "client.LocalIdentity") is { } local
                ? new LocalIdentity(local.UserId("user-id") ?? throw new CommandException("local identity must specify user-id"))
                : null,
            Basic = fields.Below("basic", "client.BasicIdentity") is { } basic ? new BasicIdentity(basic.Text("password")) : null,
            Cert = fields.Below("cert", "client.CertIdentity") is { } cert ? new CertIdentity(cert.Text("pem")) : null,
        };
    }
}
