using EndToEnd;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(TestOrder))]

namespace EndToEnd;

/// <summary>One model serves all tests, so those that only look at it come before those that change it, and what leaves it another model last.</summary>
public sealed class TestOrder : ITestCollectionOrderer
{
    static readonly string[] Order =
    [
        nameof(UpTests), nameof(MetricsTests), nameof(BrowserTests), nameof(RelationTests), nameof(RollingTests), nameof(RefreshTests),
        nameof(RecoveryTests), nameof(DownTests), nameof(SwitchoverTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Order, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)))];
}
