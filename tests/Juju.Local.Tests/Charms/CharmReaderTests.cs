using System.IO.Compression;
using Juju.Local.Charms;

namespace Juju.Local.Tests.Charms;

public sealed class CharmReaderTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("charm-reader-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void Put(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    [Fact]
    public void A_charmcraft_file_is_read_whole()
    {
        Put("charmcraft.yaml", """
            name: forum-k8s
            summary: A forum
            base: ubuntu@24.04
            platforms: {amd64: }
            containers:
              forum: {resource: forum-image, mounts: [{storage: uploads, location: /srv/uploads}], uid: 100}
            resources:
              forum-image: {type: oci-image, description: The image, upstream-source: host}
            storage:
              uploads: {type: filesystem, minimum-size: 2G, multiple: {range: 0-}}
            requires:
              database: {interface: postgresql_client, limit: 1}
              redis: {interface: redis, optional: true}
            provides:
              metrics-endpoint: {interface: prometheus_scrape}
            peers:
              restart: {interface: rolling_op}
            config:
              options:
                port: {type: int, default: 3000, description: Where}
                force_https: {type: boolean, default: false}
                ratio: {type: float, default: 1}
                title: {type: string}
            actions:
              create-user:
                description: Makes one
                params: {email: {type: string}, admin: {type: boolean, default: false}}
                required: [email]
                additionalProperties: false
            """);

        var charm = CharmReader.Read(folder);

        Assert.Equal("ubuntu@24.04", charm.Base);
        Assert.Equal(["database", "metrics-endpoint", "redis", "restart"], charm.Endpoints.Keys);
        Assert.Equal(new Endpoint("database", EndpointRole.Requirer, "postgresql_client", 1), charm.Endpoints["database"]);
        Assert.Equal("forum-image", charm.Containers["forum"].Resource);
        Assert.Equal(new ContainerMount("uploads", "/srv/uploads"), Assert.Single(charm.Containers["forum"].Mounts));
        Assert.Equal((100, null), (charm.Containers["forum"].Uid, charm.Containers["forum"].Gid));
        Assert.Equal((2048, 0, -1), (charm.Storage["uploads"].MinimumSizeMiB, charm.Storage["uploads"].CountMin, charm.Storage["uploads"].CountMax));
        Assert.Equal("3000", charm.Options["port"].Default?.ToJsonString());
        Assert.Equal("1", charm.Options["ratio"].Default?.ToJsonString());
        Assert.Null(charm.Options["title"].Default);
        Assert.Equal("""["email"]""", charm.Actions["create-user"].Parameters["required"]?.ToJsonString());
    }

    [Fact]
    public void A_packed_charm_is_read_from_its_zip()
    {
        Put("metadata.yaml", "name: packed\nprovides:\n  web: {interface: http}\n");
        Put("config.yaml", "options:\n  name: {type: string, default: yes please}\n");
        Put("manifest.yaml", "bases:\n- name: ubuntu\n  channel: '22.04'\n  architectures: [amd64]\n");
        Put("dispatch", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(folder, "dispatch"), (UnixFileMode)0b111_101_101);
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".charm");
        ZipFile.CreateFromDirectory(folder, file);
        try
        {
            var charm = CharmReader.Read(file);
            using (var files = CharmFiles.Open(file))
            {
                files.CopyTo(Path.Combine(folder, "unpacked"));
            }

            Assert.Equal(("packed", "ubuntu@22.04"), (charm.Name, charm.Base));
            Assert.Equal("yes please", charm.Options["name"].Default?.ToString());
            Assert.True(File.GetUnixFileMode(Path.Combine(folder, "unpacked/dispatch")).HasFlag(UnixFileMode.UserExecute));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("name: Bad_Name\n", "", "invalid charm name \"Bad_Name\"")]
    [InlineData("name: a\nprovides: {x: {interface: i}}\nrequires: {x: {interface: i}}\n", "", "charm defines \"x\" twice")]
    [InlineData("name: a\n", "options: {port: {type: int, default: many}}\n", "option \"port\" expected int, got \"many\"")]
    [InlineData("name: a\n", "options: {port: {type: number}}\n", "option \"port\" has unknown type \"number\"")]
    [InlineData("name: [", "", "cannot read metadata.yaml: yaml: line")]
    public void A_broken_charm_says_what_is_wrong(string metadata, string config, string message)
    {
        Put("metadata.yaml", metadata);
        Put("config.yaml", config);

        var refused = Assert.Throws<CharmException>(() => CharmReader.Read(folder));

        Assert.Contains(message, refused.Message);
    }

    [Fact]
    public void A_folder_without_a_charm_is_refused()
    {
        var refused = Assert.Throws<CharmException>(() => CharmReader.Read(folder));

        Assert.Contains("it has no metadata.yaml and no charmcraft.yaml", refused.Message);
    }
}
