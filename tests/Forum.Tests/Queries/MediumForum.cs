using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using ForumBench.Generating;
using Npgsql;
using Servers;

namespace Forum.Tests.Queries;

/// <summary>The tests that read the plans in the server's log, and those that would write into it.</summary>
[CollectionDefinition]
public sealed class MediumForumCollection : ICollectionFixture<MediumForum>;

/// <summary>A server over a generated forum of some thousand topics, whose PostgreSQL writes down the plan of every statement with what it did.</summary>
public sealed class MediumForum : IAsyncLifetime
{
    /// <summary>A table with fewer rows may be read as a whole.</summary>
    const int SmallTable = 1_500;

    string _log = "";
    Dictionary<string, long> _sizes = [];

    internal ForumApp App { get; private set; } = null!;

    internal ForumDatabase Database => App.Database;

    public async ValueTask InitializeAsync()
    {
        var postgres = await PostgresServer.GetAsync();
        _log = Path.Combine(postgres.Folder, "output");
        var name = await postgres.CreateDatabaseAsync("forum_medium", async template =>
        {
            var connection = postgres.ConnectionString(template);
            await new Migrator(connection, _ => { }).RunAsync(ForumApp.Cancellation);
            await using var source = NpgsqlDataSource.Create(connection);
            await GeneratedForum.FillAsync(source, ForumSize.Medium, _ => { }, ForumApp.Cancellation);
        }, ForumApp.Cancellation);
        await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString(name)))
        {
            await using var command = source.CreateCommand($"""
                ALTER DATABASE {name} SET session_preload_libraries = 'auto_explain';
                LOAD 'auto_explain';
                ALTER DATABASE {name} SET auto_explain.log_min_duration = 0;
                ALTER DATABASE {name} SET auto_explain.log_analyze = on;
                ALTER DATABASE {name} SET auto_explain.log_timing = off;
                ALTER DATABASE {name} SET auto_explain.log_format = 'json'
                """);
            await command.ExecuteNonQueryAsync(ForumApp.Cancellation);
        }

        App = await ForumApp.StartAsync(new() { ["TEST_CONNECTION_STRING"] = postgres.ConnectionString(name), ["UNICORN_SIDEKIQS"] = "0", ["DISCOURSE_RATE_LIMIT_SEARCH_ANON_USER_PER_MINUTE"] = "1000" });
        _sizes = (await Database.ListAsync("SELECT relname::text, reltuples::bigint FROM pg_class WHERE relkind = 'r'", row => (row.Text(0), row.Long(1)), [], ForumApp.Cancellation))
            .DistinctBy(table => table.Item1).ToDictionary(table => table.Item1, table => table.Item2);
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    /// <summary>What is wrong with the plans that <paramref name="request"/> used: more rows read of a table than the page can need.</summary>
    internal async Task<List<string>> ProblemsAsync(Func<Task> request, int mostRows)
    {
        var from = new FileInfo(_log).Length;
        await request();
        return [.. Plans(from).SelectMany(plan => Nodes(plan["Plan"]!.AsObject()).SelectMany(node => Problems(node, mostRows)).Select(problem => $"{problem} in: {Short((string)plan["Query Text"]!)}"))];
    }

    IEnumerable<string> Problems(JsonObject node, int mostRows)
    {
        var loops = (double?)node["Actual Loops"] ?? 0;
        var table = (string?)node["Relation Name"];
        var rows = ((double?)node["Actual Rows"] ?? 0) + ((double?)node["Rows Removed by Filter"] ?? 0) + ((double?)node["Rows Removed by Index Recheck"] ?? 0);
        if (table is not null && _sizes.GetValueOrDefault(table) > SmallTable && rows * loops > mostRows)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"reads {rows * loops} rows of {table} by {node["Node Type"]} on {node["Index Name"]}");
        }
    }

    static IEnumerable<JsonObject> Nodes(JsonObject node) => (node["Plans"] as JsonArray ?? []).SelectMany(child => Nodes(child!.AsObject())).Prepend(node);

    /// <summary>Each plan is in the log as "duration: … plan:" and an object, all lines of which are indented.</summary>
    List<JsonObject> Plans(long from)
    {
        using var stream = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = from;
        var plans = new List<JsonObject>();
        List<string>? lines = null;
        foreach (var line in new StreamReader(stream).ReadToEnd().Split('\n'))
        {
            if (line.EndsWith("plan:", StringComparison.Ordinal))
            {
                lines = [];
            }
            else if (lines is not null)
            {
                lines.Add(line);
                if (line is "\t}")
                {
                    plans.Add(JsonNode.Parse(string.Join('\n', lines))!.AsObject());
                    lines = null;
                }
            }
        }

        return plans;
    }

    static string Short(string sql)
    {
        var line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line[..Math.Min(line.Length, 200)];
    }
}
