using Npgsql;

namespace Forum.Settings;

/// <summary>Brings a change of settings by another unit, or by a command in this container, into this process; looked for every two seconds.</summary>
sealed partial class SettingsWatch(SiteSettings settings, TimeProvider time, ILogger<SettingsWatch> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await settings.RefreshAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                LogFailed(e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for changed settings: {Reason}")]
    partial void LogFailed(string reason);
}
