using System.Globalization;
using Forum.Configuration;

namespace Forum.Logs;

/// <summary>The files that the charm ships to Loki: log/production.log for requests and errors, log/unicorn.stderr.log for the server's own life.</summary>
sealed class ForumLogs(GlobalSettings globals) : IAsyncDisposable
{
    readonly int _longest = globals.Number("log_line_max_chars", 160_000);

    public LogFile Production { get; } = new(Path.Combine(globals.AppRoot, "log", "production.log"));

    public LogFile Server { get; } = new(Path.Combine(globals.AppRoot, "log", "unicorn.stderr.log"));

    public string Cut(string line) => line.Length > _longest ? line[.._longest] : line;

    public static string Stamp(DateTimeOffset now) => now.ToString("yyyy-MM-dd HH:mm:ss +0000", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Production.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>Sends what the program logs into the files: hosting's words to the server's log, all else to production.log.</summary>
sealed class ForumLoggerProvider(ForumLogs logs, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new FileLogger(
        categoryName.StartsWith("Microsoft.Hosting", StringComparison.Ordinal) ? logs.Server : logs.Production, categoryName, logs, time);

    public void Dispose()
    {
    }

    sealed class FileLogger(LogFile file, string category, ForumLogs logs, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            file.Write(logs.Cut(exception is null
                ? $"{logLevel}, [{ForumLogs.Stamp(time.GetUtcNow())}] {category} : {text}"
                : $"{logLevel}, [{ForumLogs.Stamp(time.GetUtcNow())}] {category} : {text}\n{exception}"));
        }
    }
}
