using Forum.Jobs;

namespace Forum.Backups;

static class BackupServices
{
    public static void AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<LocalBackups>();
        services.AddSingleton<Backups>();
        services.AddSingleton<PostgresPrograms>();
        services.AddSingleton<CreateBackup>();
        services.AddSingleton<IJob>(provider => provider.GetRequiredService<CreateBackup>());
        services.AddSingleton<IScheduledJob, ScheduleBackups>();
        services.AddSingleton<RestoreBackup>();
    }
}
