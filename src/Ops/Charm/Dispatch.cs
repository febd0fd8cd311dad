namespace Ops;

/// <summary>One dispatch from beginning to end: construct, re-emit what was deferred, emit, collect the status, commit.</summary>
static class Dispatch
{
    public static int Run(Framework framework, Func<Framework, CharmBase> create)
    {
        var log = framework.Log;
        try
        {
            if (framework.Context.EventName is not { } name || !JujuEvents.IsDeclared(name, framework.Meta))
            {
                // Juju also runs hooks that the charm does not know, such as those of "juju-info"; an exec has no event at all.
                log.Debug($"no event \"{framework.Context.EventName}\" in this charm: nothing to do");
                return 0;
            }

            Emit(framework, create, name);
            return 0;
        }
#pragma warning disable CA1031 // The outermost turn: whatever a handler throws fails the hook, and the log says why.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(framework, e);
            return 1;
        }
    }

    /// <summary>Everything of a dispatch but its error reporting. Throws what the charm throws.</summary>
    public static void Emit(Framework framework, Func<Framework, CharmBase> create, string name, Action<CharmBase>? look = null)
    {
        framework.State.BeginLoading();
        var charm = create(framework);
        framework.Reemit();
        framework.EmitJujuEvent(name);
        look?.Invoke(charm);
        StatusCollection.Evaluate(charm);
        framework.Commit();
    }

    static void Report(Framework framework, Exception e)
    {
        var text = framework.Redaction.Apply($"Uncaught exception while in charm code: {e}");
        try
        {
            framework.Log.Error(text);
        }
        catch (ModelException failure)
        {
            Console.Error.WriteLine($"{text}\ncannot log it: {failure.Message}");
        }

        if (framework.Context.ActionName is { } action)
        {
            // Standard error becomes part of the action's results, where the person who ran it looks (as ops does).
            Console.Error.WriteLine($"Uncaught {e.GetType().Name} in action \"{action}\"; see \"juju debug-log\" for details");
        }
    }
}
