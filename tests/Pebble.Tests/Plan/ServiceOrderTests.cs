using Pebble.Plan;

namespace Pebble.Tests.Plan;

public sealed class ServiceOrderTests
{
    static string Text(IReadOnlyList<IReadOnlyList<string>> lanes) => string.Join(" | ", lanes.Select(lane => string.Join(' ', lane)));

    static CombinedPlan Chain => Plans.Of("""
        services:
          app: {override: replace, command: x, requires: [db, cache], after: [db]}
          db: {override: replace, command: x}
          cache: {override: replace, command: x, before: [db]}
          other: {override: replace, command: x}
        """);

    [Fact]
    public void Starting_pulls_in_what_is_required_in_order()
    {
        Assert.Equal("cache db app", Text(ServiceOrder.ForStart(Chain, ["app"])));
    }

    [Fact]
    public void Stopping_pulls_in_what_requires_it_first()
    {
        Assert.Equal("app db", Text(ServiceOrder.ForStop(Chain, ["db"])));
    }

    [Fact]
    public void What_is_not_connected_is_in_a_lane_of_its_own()
    {
        Assert.Equal("cache db app | other", Text(ServiceOrder.ForStart(Chain, ["other", "app"])));
    }

    [Fact]
    public void Lanes_stay_apart_however_many_there_are()
    {
        var plan = Plans.Of("""
            services:
              a: {override: replace, command: x}
              b: {override: replace, command: x}
              c: {override: replace, command: x, requires: [a]}
              d: {override: replace, command: x}
            """);

        Assert.Equal("a c | b | d", Text(ServiceOrder.ForStart(plan, ["a", "b", "c", "d"])));
    }

    [Fact]
    public void Starting_what_does_not_exist_is_refused()
    {
        Assert.Equal("service \"no\" does not exist", Assert.Throws<PlanError>(() => ServiceOrder.ForStart(Chain, ["no"])).Message);
    }

    [Fact]
    public void Every_order_respects_after()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var names = Enumerable.Range(0, 12).Select(index => $"s{index:00}").ToArray();
            var yaml = string.Join('\n', names.Select((name, index) =>
                $"  {name}: {{override: replace, command: x, after: [{string.Join(',', names.Take(index).Where(_ => random.Next(4) == 0))}]}}"));
            var plan = Plans.Of($"services:\n{yaml}");

            var order = ServiceOrder.ForStart(plan, names).SelectMany(lane => lane).ToList();

            Assert.All(plan.Services.Values, service => Assert.All(service.After, after => Assert.True(order.IndexOf(after) < order.IndexOf(service.Name))));
        }
    }
}
