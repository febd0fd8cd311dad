using Ops;
using Pebble.Client;

namespace Discourse;

/// <summary>
/// The container with Discourse: its service, and the commands that are run in it. The upstream image and the one of this
/// repository offer the same paths and commands (docs/reference/discourse-charm.md).
/// </summary>
/// <param name="container">The container.</param>
/// <param name="unit">The unit, whose status says what takes long.</param>
sealed class Workload(Container container, Unit unit)
{
    public const string ContainerName = "discourse";
    public const string Root = "/srv/discourse";
    public const string User = "_daemon_";

    /// <summary>Files that Discourse logs to.</summary>
    public static readonly string[] LogFiles = [$"{App}/log/production.log", $"{App}/log/unicorn.stderr.log", $"{App}/log/unicorn.stdout.log"];

    const string App = $"{Root}/app";
    const string ServiceName = "discourse";
    const string CheckName = "discourse-ready";

    /// <summary>Says that this container's file system was set up. It goes with the container, as what it stands for does.</summary>
    const string SetUpFlag = "/run/discourse-k8s-operator/setup_completed";

    /// <summary>How long a command about a user may take.</summary>
    static readonly TimeSpan UserTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Asks for the container's Pebble; the answer comes while the integrations are read.</summary>
    public void BeginConnect() => container.BeginConnect();

    public bool CanConnect() => container.CanConnect();

    public bool IsSetUp() => container.Exists(SetUpFlag);

    /// <summary>Prepares the database for this version of Discourse. Safe to repeat, and to run on several units at once.</summary>
    public void SetUp(IReadOnlyDictionary<string, string> environment)
    {
        Migrate(environment);
        container.Push(SetUpFlag, "", makeDirs: true);
        var (version, _) = Run(Rails("puts Discourse::VERSION::STRING"), environment).WaitOutput();
        unit.SetWorkloadVersion(version.Trim());
    }

    public void Migrate(IReadOnlyDictionary<string, string> environment)
    {
        unit.Status = new MaintenanceStatus("Executing migrations");
        Run(Rake("--trace", "db:migrate"), environment).Wait();
    }

    /// <summary>Uploads the assets to S3, unless the service already runs with these settings of S3: then they are there.</summary>
    public void UploadAssets(IReadOnlyDictionary<string, string> environment)
    {
        string[] settings = ["DISCOURSE_USE_S3", "DISCOURSE_S3_REGION", "DISCOURSE_S3_BUCKET", "DISCOURSE_S3_ENDPOINT"];
        var running = container.GetPlan().Services.GetValueOrDefault(ServiceName)?.Environment;
        if (running is not null && settings.All(name => running.GetValueOrDefault(name) == environment[name]))
        {
            return;
        }

        unit.Status = new MaintenanceStatus("Running S3 migration");
        Run(Rake("s3:upload_assets"), environment).Wait();
    }

    /// <summary>Has the service run with this environment; restarts it only if its definition changed.</summary>
    public void Start(IReadOnlyDictionary<string, string> environment)
    {
        container.AddLayer(ServiceName, Layer(environment), combine: true);
        container.Replan();
    }

    /// <summary>Stops the service, if there is one and it runs.</summary>
    public void Stop()
    {
        if (container.CanConnect() && container.FindService(ServiceName) is { IsRunning: true })
        {
            container.Stop(ServiceName);
        }
    }

    public void SetForceHttps(bool value, IReadOnlyDictionary<string, string> environment) =>
        Run(Rails($"SiteSetting.force_https={(value ? "true" : "false")}"), environment).Wait();

    /// <summary>Runs a task about users and waits for its end.</summary>
    /// <param name="task">Task with its argument, such as <c>users:exists[a@example.com]</c>.</param>
    /// <param name="environment">The workload's environment.</param>
    /// <param name="answers">What the task asks for, one line each; null if it asks nothing.</param>
    /// <returns>Exit code and standard output.</returns>
    public (int ExitCode, string Output) RunUserTask(
        string task, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string>? answers)
    {
        var input = answers is { Count: > 0 } ? string.Concat(answers.Select(answer => $"{answer}\n")) : null;
        var (exitCode, output, _) = Run(Rake(task), environment, input, input is null ? null : UserTimeout).WaitForEnd();
        return (exitCode, output);
    }

    static Layer Layer(IReadOnlyDictionary<string, string> environment) => new()
    {
        Summary = "Discourse layer",
        Description = "Discourse layer",
        Services = new Dictionary<string, Service>
        {
            [ServiceName] = new()
            {
                Override = "replace",
                Summary = "Discourse web application",
                Command = "/srv/scripts/app_launch.sh",
                User = User,
                Startup = "enabled",
                // The server goes on serving for 15 seconds after the signal, so that no request is lost.
                KillDelay = TimeSpan.FromSeconds(20),
                Environment = environment,
            },
        },
        Checks = new Dictionary<string, Check>
        {
            [CheckName] = new() { Override = "replace", Level = "ready", Http = new("http://localhost:3000/srv/status") },
        },
    };

    static string[] Rake(params string[] arguments) => [$"{App}/bin/bundle", "exec", "rake", .. arguments];

    static string[] Rails(string code) => [$"{App}/bin/rails", "runner", code];

    ContainerProcess Run(string[] command, IReadOnlyDictionary<string, string> environment, string? input = null, TimeSpan? timeout = null) =>
        container.Exec(command, user: User, workingDir: App, environment: environment, stdin: input, timeout: timeout);
}
