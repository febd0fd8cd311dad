using Pebble.Plan;

namespace Pebble.Tests.Plan;

public sealed class LayersFolderTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("layers-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void Write(string name, string yaml = "")
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, yaml);
    }

    [Fact]
    public void Files_and_folders_of_files_are_read_in_order()
    {
        Write("020-second.yaml");
        Write("001-first.yaml");
        Write("010-more.d/002-bbb.yaml");
        Write("010-more.d/001-aaa.yaml");
        Write("README.md", "nonsense: {");

        Assert.Equal("first 1000, more/aaa 10001, more/bbb 10002, second 20000",
            string.Join(", ", LayersFolder.Read(folder).Select(layer => $"{layer.Label} {layer.Order}")));
    }

    [Theory]
    [InlineData("1-first.yaml", "invalid layer filename: \"1-first.yaml\" (must look like \"123-some-label.yaml\")")]
    [InlineData("001-ab.yaml", "invalid layer filename: \"001-ab.yaml\" (must look like \"123-some-label.yaml\")")]
    [InlineData("001-Abc.yaml", "invalid layer filename: \"001-Abc.yaml\" (must look like \"123-some-label.yaml\")")]
    [InlineData("001-abc-.yaml", "invalid layer filename: \"001-abc-.yaml\" (must look like \"123-some-label.yaml\")")]
    [InlineData("x.d/001-abc.yaml", "invalid layer sub-directory name: \"x.d\" (must look like \"123-some-label.d\")")]
    [InlineData("001-abc.d/001-def.d/001-ghi.yaml", "cannot have a layers sub-directory at this level")]
    public void A_bad_name_is_refused(string name, string message)
    {
        Write(name);

        Assert.Equal(message, Assert.Throws<IOException>(() => LayersFolder.Read(folder)).Message);
    }

    [Theory]
    [InlineData("001-abc.yaml", "001-def.yaml", "invalid layer filename: \"001-def.yaml\" not unique (have \"001-abc.yaml\" already)")]
    [InlineData("001-abc.yaml", "002-abc.yaml", "invalid layer filename: \"002-abc.yaml\" not unique (have \"001-abc.yaml\" already)")]
    public void Orders_and_labels_are_unique(string one, string other, string message)
    {
        Write(one);
        Write(other);

        Assert.Equal(message, Assert.Throws<IOException>(() => LayersFolder.Read(folder)).Message);
    }

    [Fact]
    public void No_folder_is_no_layer() => Assert.Empty(LayersFolder.Read(folder + "/nowhere"));
}
