using System.Text.Json.Serialization;
using Ops.Testing.Tests.Parrot;

namespace Ops.Testing.Tests;

/// <summary>A databag as an object.</summary>
public sealed partial class TypedDatabagTests
{
    static readonly RelationState Relation = new("song");

    [Fact]
    public void Each_property_is_a_key()
    {
        var after = Write(new Song("Ara", 3) { Words = ["la", "le"] });

        Assert.Equal(
            new Dictionary<string, string> { ["title"] = "\"Ara\"", ["verses"] = "3", ["words"] = """["la","le"]""" }, after.LocalAppData);
    }

    [Fact]
    public void Nothing_removes_a_key_and_other_keys_stay()
    {
        var before = Relation with { LocalAppData = new Dictionary<string, string> { ["words"] = "[]", ["other"] = "x" } };

        Assert.Equal(["other", "title", "verses"], Write(new Song("Ara", 3), before).LocalAppData.Keys.Order());
    }

    [Fact]
    public void What_one_side_writes_the_other_reads()
    {
        var bag = new Dictionary<string, string>(Write(new Song("Ara \"x\"", 3) { Words = ["la"] }).LocalAppData) { ["unknown"] = "no json" };

        var song = Read(bag);

        Assert.Equal(("Ara \"x\"", 3, "la"), (song.Title, song.Verses, Assert.Single(song.Words!)));
    }

    [Theory]
    [InlineData("title", "Ara", "the value of \"title\" is not JSON")]
    [InlineData("title", "\"a\", \"b\"", "the value of \"title\" is not JSON")]
    [InlineData("verses", "\"three\"", "cannot read the databag")]
    [InlineData("verses", "99999999999999", "cannot read the databag")]
    [InlineData("words", "{}", "cannot read the databag")]
    [InlineData("title", null, "cannot read the databag")]
    public void What_cannot_be_read_is_told(string key, string? value, string message)
    {
        var bag = new Dictionary<string, string> { ["title"] = "\"Ara\"", ["verses"] = "3" };
        if (value is null)
        {
            bag.Remove(key);
        }
        else
        {
            bag[key] = value;
        }

        var error = Assert.Throws<UncaughtCharmException>(() => Read(bag));

        Assert.Contains(message, Assert.IsType<FormatException>(error.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_leader_writes_for_the_application() => Assert.IsType<RelationDataAccessException>(
        Assert.Throws<UncaughtCharmException>(() => Write(new Song("Ara", 3), Relation, isLeader: false)).InnerException);

    static RelationState Write(Song song, RelationState? relation = null, bool isLeader = true) => ParrotCharm
        .Run(
            Event.ConfigChanged, new State { Leader = isLeader, Relations = [relation ?? Relation] },
            (charm, _) => charm.Model.GetRelation("song")!.Data[charm.App].Save(song, SongJson.Default.Song))
        .State.GetRelation("song");

    static Song Read(Dictionary<string, string> bag)
    {
        Song? song = null;
        ParrotCharm.Run(Event.ConfigChanged, new State { Relations = [Relation with { RemoteAppData = bag }] }, (charm, _) =>
        {
            var relation = charm.Model.GetRelation("song")!;
            song = relation.Data[relation.App!].Load(SongJson.Default.Song);
        });
        return song!;
    }

    sealed record Song(string Title, int Verses)
    {
        public List<string>? Words { get; init; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Song))]
    sealed partial class SongJson : JsonSerializerContext;
}
