using Forum;
using Forum.Configuration;
using Forum.Database;

// One program with verbs: what the container's wrappers and scripts call.
return args switch
{
    ["serve", ..] => await ForumServer.RunAsync(GlobalSettings.Read()),
    ["migrate"] => await MigrateAsync(GlobalSettings.Read()),
    _ => Usage(),
};

static async Task<int> MigrateAsync(GlobalSettings globals)
{
    await new Migrator(DatabaseSettings.ConnectionString(globals), Console.WriteLine).RunAsync(CancellationToken.None);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: discourse serve|exporter|rake TASK|rails COMMAND");
    return 2;
}
