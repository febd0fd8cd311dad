using Forum.Configuration;
using Forum.Database;

namespace Forum.Rake;

static class DatabaseTasks
{
    public static async Task<int> MigrateAsync(RakeContext context, CancellationToken cancellation)
    {
        await new Migrator(DatabaseSettings.ConnectionString(context.Globals), context.Output.WriteLine).RunAsync(cancellation);
        return 0;
    }
}
