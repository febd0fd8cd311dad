namespace Forum.Jobs;

static class JobServices
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobTimes>();
    }
}
