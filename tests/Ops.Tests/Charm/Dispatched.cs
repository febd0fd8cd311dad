using Ops.Tests.HookTools;

namespace Ops.Tests.Charm;

/// <summary>Runs a test inside a handler, and throws what it throws.</summary>
static class Dispatched
{
    public static void Start(FakeAgent agent, Action<WebCharm> test)
    {
        agent.Set("JUJU_DISPATCH_PATH", "hooks/start");
        Exception? failure = null;
        var ran = false;
        var code = WebCharm.Dispatch(agent, (charm, e) =>
        {
            if (e is StartEvent)
            {
                ran = true;
                failure = Record.Exception(() => test(charm));
            }
        });
        Assert.Null(failure);
        Assert.True(ran, $"the handler did not run (exit code {code})");
        Assert.Equal(0, code);
    }
}
