using Forum.Configuration;

namespace Forum.Metrics;

/// <summary>
/// Leaves this process's metrics in tmp/metrics every few seconds, where the exporter reads them: so it has the last ones even
/// when this process hangs or is gone.
/// </summary>
sealed partial class MetricsFile(WebMetrics web, ProcessMetrics process, GlobalSettings globals, TimeProvider time, ILogger<MetricsFile> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static string PathOf(GlobalSettings globals) => Path.Combine(globals.AppRoot, "tmp", "metrics", "server.prom");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await WriteAsync(stoppingToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogFailed(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task WriteAsync(CancellationToken cancellation)
    {
        var path = PathOf(globals);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = new Exposition();
        web.Write(text);
        process.Write(text);
        await File.WriteAllTextAsync(path + ".new", text.ToString(), cancellation);
        File.Move(path + ".new", path, overwrite: true);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not leave metrics for the exporter: {Reason}")]
    partial void LogFailed(string reason);
}
