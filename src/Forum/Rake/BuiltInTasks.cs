namespace Forum.Rake;

/// <summary>Tasks of upstream's that have nothing to do here, since what they make is in the program.</summary>
static class BuiltInTasks
{
    /// <summary>assets:precompile: older charms run it at each set-up.</summary>
    public static async Task<int> AssetsAsync(RakeContext context, CancellationToken cancellation)
    {
        await context.Output.WriteLineAsync("The style sheet and the script are part of the program; there is nothing to compile".AsMemory(), cancellation);
        return 0;
    }
}
