using Pebble.Plan;
using Pebble.Services;

namespace Pebble.Tests.Services;

public sealed class BackoffTests
{
    [Fact]
    public void Each_backoff_is_longer_up_to_the_limit()
    {
        var config = new ServiceConfig { Name = "s" };
        var current = TimeSpan.Zero;
        List<double> seconds = [];
        for (var number = 0; number < 8; number++)
        {
            seconds.Add((current = Service.NextBackoff(config, current)).TotalSeconds);
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], seconds);
    }

    [Fact]
    public void Delay_factor_and_limit_can_be_given()
    {
        var config = new ServiceConfig { Name = "s", BackoffDelay = TimeSpan.FromSeconds(2), BackoffFactor = 1, BackoffLimit = TimeSpan.FromSeconds(1) };

        Assert.Equal(2, Service.NextBackoff(config, TimeSpan.Zero).TotalSeconds);
        Assert.Equal(1, Service.NextBackoff(config, TimeSpan.FromSeconds(2)).TotalSeconds);
    }
}
