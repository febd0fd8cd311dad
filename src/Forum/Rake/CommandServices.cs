using Forum.Configuration;

namespace Forum.Rake;

/// <summary>The forum's services without a web server, for commands.</summary>
static class CommandServices
{
    public static ServiceProvider Create(GlobalSettings globals)
    {
        var services = new ServiceCollection();
        // Warnings, such as of a setting that a variable holds, go to the terminal.
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new ErrorOutput()));
        ForumServer.AddForum(services, globals, TimeProvider.System);
        return services.BuildServiceProvider();
    }

    sealed class ErrorOutput : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Console.Error.WriteLine(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
