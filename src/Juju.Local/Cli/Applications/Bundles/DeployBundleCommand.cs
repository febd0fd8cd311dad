using Juju.Local.Api;

namespace Juju.Local.Cli.Applications.Bundles;

/// <summary><c>deploy</c> of a bundle: finds what differs, shows it, and does it step by step.</summary>
static class DeployBundleCommand
{
    public static async Task<int> RunAsync(Invocation invocation, string path, CancellationToken cancellation)
    {
        var line = invocation.Line;
        foreach (var flag in new[] { "config", "constraints", "num-units", "resource", "storage", "revision", "attach-storage" })
        {
            if (line.IsGiven(flag))
            {
                throw new UsageException($"options provided but not supported when deploying a bundle: --{flag}");
            }
        }

        if (invocation.Arguments.Count > 1)
        {
            throw new UsageException("application name cannot be specified when deploying a bundle");
        }

        var bundle = new BundleReader(new BuiltInCharms(invocation.Terminal)).Read(path, line.List("overlay"));
        var trusted = bundle.Applications.Where(application => application.Trust).Select(application => application.Name).ToList();
        if (trusted.Count > 0 && !line.Has("trust"))
        {
            throw new CommandException(
                $"Bundle cannot be deployed without trusting applications with your cloud credentials.\n"
                + $"Please repeat the deploy command with the --trust argument if you consent to trust: {string.Join(", ", trusted)}");
        }

        foreach (var application in bundle.Applications)
        {
            CharmResources.Check(application.Source, application.Resources);
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        var status = await controller.StatusAsync(model, cancellation);
        var config = new Dictionary<string, ApplicationConfig>();
        foreach (var application in bundle.Applications.Where(application => status.Applications.ContainsKey(application.Name)))
        {
            config[application.Name] = await controller.GetConfigAsync(new(model, application.Name), cancellation);
        }

        var steps = BundleDifference.Find(bundle, status, config);
        return line.Has("dry-run")
            ? Show(invocation, steps)
            : await ApplyAsync(invocation, controller, model, bundle, status, steps, cancellation);
    }

    static int Show(Invocation invocation, IReadOnlyList<BundleStep> steps)
    {
        invocation.Tell(steps.Count == 0 ? "No changes to apply." : "Changes to deploy bundle:");
        foreach (var step in steps)
        {
            invocation.Out.Write($"- {step.Text}\n");
        }

        return 0;
    }

    static async Task<int> ApplyAsync(
        Invocation invocation, ControllerClient controller, string model, Bundle bundle, ModelStatus status,
        IReadOnlyList<BundleStep> steps, CancellationToken cancellation)
    {
        var changed = 0;
        foreach (var application in bundle.Applications.Where(application => status.Applications.ContainsKey(application.Name)))
        {
            changed += await RefreshAsync(invocation, controller, model, application, status.Applications[application.Name], cancellation) ? 1 : 0;
        }

        if (steps.Count > 0)
        {
            invocation.Tell("Executing changes:");
        }

        foreach (var step in steps)
        {
            invocation.Tell($"- {step.Text}");
            await ApplyAsync(controller, model, step, cancellation);
        }

        invocation.Tell(changed + steps.Count == 0 ? "No changes to apply." : "Deploy of bundle completed.");
        return 0;
    }

    // Only the controller can tell whether the content of a charm or of a resource is another than that of the running one.
    static async Task<bool> RefreshAsync(
        Invocation invocation, ControllerClient controller, string model, BundleApplication application, ApplicationDetails existing,
        CancellationToken cancellation)
    {
        var request = new RefreshRequest
        {
            Model = model,
            Application = application.Name,
            Path = application.Source.Path,
            Origin = application.Source.Origin,
            Channel = application.Channel,
            Revision = application.Revision,
            OnlyIfChanged = true,

            // What is at another place is a step of its own; what is where it was may hold something else.
            Resources = application.Resources.Where(item => existing.Resources.Any(known => known.Name == item.Key && known.Value == item.Value)).ToDictionary(),
        };
        var result = await controller.RefreshAsync(request, cancellation);
        if (!result.UpToDate)
        {
            invocation.Tell($"- upgrade {application.Name} to charm {result.CharmName}, revision {result.Revision}");
        }

        foreach (var name in result.Resources)
        {
            invocation.Tell($"- attach resource {name} of {application.Name}, which has changed");
        }

        return !result.UpToDate || result.Resources.Count > 0;
    }

    static async Task ApplyAsync(ControllerClient controller, string model, BundleStep step, CancellationToken cancellation)
    {
        switch (step)
        {
            case DeployStep { Application: var application }:
                await controller.DeployAsync(Request(model, application), cancellation);
                break;
            case ConfigStep config:
                await controller.SetConfigAsync(new(model, config.Application, config.Values, []), cancellation);
                break;
            case ScaleStep scale:
                await controller.ScaleAsync(new(model, scale.Application, scale.Units), cancellation);
                break;
            case TrustStep trust:
                await controller.TrustAsync(new(model, trust.Application, true), cancellation);
                break;
            case ExposeStep expose:
                await controller.ExposeAsync(new(model, expose.Application, true), cancellation);
                break;
            case ResourceStep resource:
                await controller.AttachResourceAsync(new(model, resource.Application, resource.Name, resource.Value), cancellation);
                break;
            case RelateStep relate:
                await controller.IntegrateAsync(new(model, relate.First, relate.Second), cancellation);
                break;
        }
    }

    static DeployRequest Request(string model, BundleApplication application) => new()
    {
        Model = model,
        Path = application.Source.Path,
        Application = application.Name,
        Origin = application.Source.Origin,
        Channel = application.Channel,
        Revision = application.Revision,
        Base = application.Base,
        Units = application.Units,
        Config = application.Options,
        Trust = application.Trust,
        Resources = application.Resources,
        Storage = application.Storage,
        Constraints = application.Constraints,
    };
}
