using System.Text.RegularExpressions;

namespace Forum.Database;

/// <summary>Takes the statements about given tables out of a schema file, for a database that lacks only those.</summary>
static partial class SchemaStatements
{
    public static IEnumerable<string> For(string sql, IReadOnlySet<string> tables) =>
        from statement in sql.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let about = About().Match(statement)
        where about.Success && tables.Contains(about.Groups["table"].Value)
        select statement[about.Index..];

    [GeneratedRegex(@"(CREATE TABLE|ALTER TABLE|CREATE (UNIQUE )?INDEX \w+ ON) (?<table>\w+)")]
    private static partial Regex About();
}
