using ForumBench.Generating;
using Npgsql;

// ./discourse bench forum calls this; "generate" is useful alone.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

return args switch
{
    ["generate", var connection, .. var sizes] => await GenerateAsync(connection, sizes),
    _ => Usage(),
};

async Task<int> GenerateAsync(string connection, string[] sizes)
{
    await using var source = NpgsqlDataSource.Create(connection);
    await GeneratedForum.FillAsync(source, Size(sizes), Console.WriteLine, stop.Token);
    return 0;
}

static ForumSize Size(string[] words) => words switch
{
    [] => new ForumSize(),
    ["medium"] => ForumSize.Medium,
    _ => throw new ArgumentException($"unknown size \"{string.Join(' ', words)}\"; leave it out for the large one, or say medium"),
};

static int Usage()
{
    Console.Error.WriteLine("usage: forum-bench generate CONNECTION-STRING [medium]");
    return 2;
}
