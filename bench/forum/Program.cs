using ForumBench.Generating;
using ForumBench.Measuring;
using Npgsql;

// ./discourse bench forum calls "run"; "generate" is useful alone; "bytes" is the bare Kestrel that "run" starts.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

return args switch
{
    ["run", var program, .. var rest] => await new Benchmark(program, Size(rest), rest.Contains("quick") ? 2 : 6, Console.Error.WriteLine).RunAsync(stop.Token),
    ["generate", var connection, .. var rest] => await GenerateAsync(connection, rest),
    ["bytes", var file, var contentType] => await BytesServer.RunAsync(file, contentType, stop.Token),
    _ => Usage(),
};

async Task<int> GenerateAsync(string connection, string[] sizes)
{
    await using var source = NpgsqlDataSource.Create(connection);
    await GeneratedForum.FillAsync(source, Size(sizes), Console.WriteLine, stop.Token);
    return 0;
}

static ForumSize Size(string[] words) => words.Contains("medium") ? ForumSize.Medium : new ForumSize();

static int Usage()
{
    Console.Error.WriteLine("usage: forum-bench run PROGRAM [medium] [quick] | generate CONNECTION-STRING [medium]");
    return 2;
}
