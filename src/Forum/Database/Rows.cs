using Npgsql;

namespace Forum.Database;

/// <summary>Reading a row's columns by position, in the order in which the query names them. Times come back as UTC.</summary>
static class Rows
{
    extension(NpgsqlDataReader row)
    {
        public int Int(int column) => row.GetInt32(column);

        public int? IntOrNull(int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

        public long Long(int column) => row.GetInt64(column);

        public long? LongOrNull(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

        public double Number(int column) => row.GetDouble(column);

        public double? NumberOrNull(int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

        public string Text(int column) => row.GetString(column);

        public string? TextOrNull(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        public bool Bool(int column) => row.GetBoolean(column);

        public bool? BoolOrNull(int column) => row.IsDBNull(column) ? null : row.GetBoolean(column);

        public DateTime Time(int column) => DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

        public DateTime? TimeOrNull(int column) => row.IsDBNull(column) ? null : row.Time(column);

        public int[] Ints(int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<int[]>(column);

        public string[] Texts(int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<string[]>(column);
    }
}
