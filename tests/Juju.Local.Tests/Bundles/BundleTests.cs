using Juju.Local.Api;
using Juju.Local.Cli;
using Juju.Local.Cli.Applications;
using Juju.Local.Cli.Applications.Bundles;
using Juju.Local.Tests.Status;

namespace Juju.Local.Tests.Bundles;

public sealed class BundleTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("bundles-").FullName;

    public BundleTests()
    {
        Charm("store/redis-k8s", "name: redis-k8s\nprovides: {redis: {interface: redis}}\n");
        Charm("forum-charm", "name: discourse-k8s\nrequires: {redis: {interface: redis}}\nresources: {image: {type: oci-image}}\n");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void Charm(string path, string metadata)
    {
        Directory.CreateDirectory(Path.Combine(folder, path));
        Put($"{path}/metadata.yaml", metadata);
    }

    string Put(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    Bundle Read(string yaml, params string[] overlays)
    {
        var terminal = SampleStatus.Terminal(TextWriter.Null) with { CharmFolders = Path.Combine(folder, "store") };
        return new BundleReader(new BuiltInCharms(terminal)).Read(Put("bundle.yaml", yaml), overlays);
    }

    const string Base = """
        bundle: kubernetes
        applications:
          discourse-k8s: {charm: ./forum-charm, scale: 2, resources: {image: ./root}, options: {force_https: true, port: 3000}}
          redis-k8s: {charm: redis-k8s, channel: edge, trust: true, expose: true}
        relations:
        - ["discourse-k8s:redis", "redis-k8s:redis"]

        """;

    [Fact]
    public void Paths_are_relative_to_the_bundle_and_names_are_found_in_the_store()
    {
        var bundle = Read(Base);

        var (forum, redis) = (bundle.Applications[0], bundle.Applications[1]);
        Assert.Equal((Path.Combine(folder, "forum-charm"), "local"), (forum.Source.Path, forum.Source.Origin));
        Assert.Equal(Path.Combine(folder, "root"), forum.Resources["image"]);
        Assert.Equal((2, "true", "3000"), (forum.Units, forum.Options["force_https"], forum.Options["port"]));
        Assert.Equal((Path.Combine(folder, "store/redis-k8s"), "charmhub", "latest/edge"), (redis.Source.Path, redis.Source.Origin, redis.Channel));
        Assert.True(redis is { Trust: true, Exposed: true, Units: 1, UnitsAreGiven: false });
        Assert.Equal([("discourse-k8s:redis", "redis-k8s:redis")], bundle.Relations);
    }

    [Fact]
    public void An_overlay_changes_fields_and_removes_applications_with_their_relations()
    {
        Directory.CreateDirectory(Path.Combine(folder, "other"));
        Put("other/text.txt", "content");
        var overlay = Put("other/overlay.yaml", """
            applications:
              discourse-k8s: {scale: 5, options: {title: include-file://text.txt}, resources: {image: ./here}}
              redis-k8s:
            """);

        var bundle = Read(Base, overlay);

        var forum = Assert.Single(bundle.Applications);
        Assert.Equal((5, "content", "true"), (forum.Units, forum.Options["title"], forum.Options["force_https"]));
        Assert.Equal(Path.Combine(folder, "other/here"), forum.Resources["image"]);
        Assert.Empty(bundle.Relations);
    }

    [Fact]
    public void A_second_document_of_the_file_is_an_overlay()
    {
        var bundle = Read(Base + "---\napplications:\n  discourse-k8s: {scale: 1}\n");

        Assert.Equal(1, bundle.Applications[0].Units);
    }

    [Theory]
    [InlineData("name: x\n", "it has no applications")]
    [InlineData("applications: {a: {scale: 1}}\n", "application \"a\" of the bundle has no charm")]
    [InlineData("applications: {a: {charm: ./nothing}}\n", "there is no file or folder")]
    [InlineData("applications: {a: {charm: mysql}}\n", "charm or bundle \"mysql\" not found")]
    [InlineData("applications: {a-1: {charm: redis-k8s}}\n", "invalid application name \"a-1\"")]
    [InlineData("applications: {a: {charm: redis-k8s, scale: many}}\n", "\"scale\" of the bundle is not a number")]
    [InlineData("applications: {a: {charm: redis-k8s}}\nrelations: [[a]]\n", "a relation of the bundle needs two ends")]
    [InlineData("applications: [", "cannot read bundle")]
    public void A_broken_bundle_says_what_is_wrong(string yaml, string message)
    {
        Assert.Contains(message, Assert.Throws<CommandException>(() => Read(yaml)).Message);
    }

    [Fact]
    public void A_model_with_all_of_it_needs_no_step()
    {
        var bundle = Read(Base);
        var config = new Dictionary<string, ApplicationConfig>
        {
            ["discourse-k8s"] = new("discourse-k8s", "discourse-k8s", false, [new("force_https", "boolean", "", null, true, "user"), new("port", "int", "", 3000, 3000, "default")]),
            ["redis-k8s"] = new("redis-k8s", "redis-k8s", true, []),
        };
        var model = SampleStatus.Model;
        var there = model with
        {
            Applications = new Dictionary<string, ApplicationDetails>
            {
                ["discourse-k8s"] = model.Applications["discourse-k8s"] with { Scale = 2, Resources = [new("image", "oci-image", Path.Combine(folder, "root"), "", 0)] },
                ["redis-k8s"] = model.Applications["redis-k8s"] with { Trust = true, Exposed = true },
            },
        };

        Assert.Empty(BundleDifference.Find(bundle, there, config));

        var without = there with { Relations = [], Applications = new Dictionary<string, ApplicationDetails> { ["discourse-k8s"] = there.Applications["discourse-k8s"] with { Scale = 1 } } };
        config["discourse-k8s"] = config["discourse-k8s"] with { Options = [new("force_https", "boolean", "", null, false, "user"), new("port", "int", "", 3000, 3000, "default")] };
        Assert.Equal(
            [
                "set application options for discourse-k8s: force_https",
                "scale discourse-k8s to 2 units",
                "deploy application redis-k8s from charm-hub with 1 unit from channel latest/edge",
                "expose redis-k8s",
                "add relation discourse-k8s:redis - redis-k8s:redis",
            ],
            BundleDifference.Find(bundle, without, config).Select(step => step.Text));
    }
}
