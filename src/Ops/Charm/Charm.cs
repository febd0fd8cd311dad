using Ops.HookTools;

namespace Ops;

/// <summary>The entry point of a charm program: <c>return Charm.Run&lt;DiscourseCharm&gt;();</c>.</summary>
public static class Charm
{
    /// <summary>Runs the one event that Juju started this process for.</summary>
    /// <typeparam name="TCharm">The charm.</typeparam>
    /// <returns>The exit code: 0 if the event was handled (or nobody observes it), 1 if a handler failed. Juju then drops what the hook wrote and retries.</returns>
    public static int Run<TCharm>()
        where TCharm : CharmBase, ICharm<TCharm> => Run(TCharm.Metadata, TCharm.Create);

    // Not generic, and so compiled ahead.
    static int Run(CharmMetadata metadata, Func<Framework, CharmBase> create)
    {
        JujuContext context;
        try
        {
            context = JujuContext.FromEnvironment(new ProcessEnvironment());
        }
        catch (ModelException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }

        var tools = new ProcessHookTools(new ToolRunner(new ProcessEnvironment()));
        var framework = new Framework(context, tools, metadata, SocketPebbles.Connect, TimeProvider.System);
        return Dispatch.Run(framework, create);
    }
}
