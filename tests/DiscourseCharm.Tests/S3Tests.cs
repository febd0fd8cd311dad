using Ops;
using Ops.Testing;

namespace Discourse.Tests;

public sealed class S3Tests
{
    const string Upload = "bundle exec rake s3:upload_assets";

    static readonly State WithBucket =
        ConfigurationTests.Configured("s3_enabled=true s3_access_key_id=k s3_secret_access_key=s s3_bucket=b s3_region=r");

    [Fact]
    public void Leader_uploads_assets_before_the_service_starts()
    {
        var outcome = World.Run(Event.ConfigChanged, WithBucket);

        Assert.Contains(Upload, outcome.Commands());
        Assert.Contains(new MaintenanceStatus("Running S3 migration"), outcome.UnitStatusHistory);
        Assert.Equal(("true", "true", "b", "https://s3.amazonaws.com"), (
            outcome.State.Environment()["DISCOURSE_USE_S3"], outcome.State.Environment()["FORCE_S3_UPLOADS"],
            outcome.State.Environment()["DISCOURSE_S3_BUCKET"], outcome.State.Environment()["DISCOURSE_S3_ENDPOINT"]));
    }

    [Fact]
    public void Other_units_upload_nothing() =>
        Assert.DoesNotContain(Upload, World.Run(Event.ConfigChanged, WithBucket with { Leader = false }).Commands());

    [Fact]
    public void Assets_are_uploaded_once() =>
        Assert.DoesNotContain(Upload, World.Run(Event.ConfigChanged, World.Settled(WithBucket)).Commands());

    [Theory]
    [InlineData("s3_bucket")]
    [InlineData("s3_region")]
    [InlineData("s3_endpoint")]
    public void Another_place_is_uploaded_to(string option) =>
        Assert.Contains(Upload, World.Run(Event.ConfigChanged, World.Settled(WithBucket).WithConfig(option, "https://other")).Commands());

    [Fact]
    public void Backup_bucket_and_cdn_are_passed_on()
    {
        var environment = World.Settled(WithBucket.WithConfig("s3_backup_bucket", "bb").WithConfig("s3_cdn_url", "https://cdn")).Environment();

        Assert.Equal(("s3", "bb", "https://cdn"),
            (environment["DISCOURSE_BACKUP_LOCATION"], environment["DISCOURSE_S3_BACKUP_BUCKET"], environment["DISCOURSE_S3_CDN_URL"]));
    }

    [Fact]
    public void Failing_upload_fails_the_hook()
    {
        var state = WithBucket.With(World.Container with { Execs = [.. World.Container.Execs, new(["/srv/discourse/app/bin/bundle", "exec", "rake", "s3:upload_assets"], 1)] });

        Assert.Throws<UncaughtCharmException>(() => World.Run(Event.ConfigChanged, state));
    }
}
