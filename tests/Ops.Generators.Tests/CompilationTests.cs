namespace Ops.Generators.Tests;

/// <summary>What a charm author sees when something does not fit.</summary>
public sealed class CompilationTests
{
    const string Yaml = """
        name: web
        containers:
          server:
            resource: server-image
        resources:
          server-image:
            type: oci-image
        requires:
          database:
            interface: postgresql_client
            limit: 1
        config:
          options:
            force_https:
              type: boolean
              default: false
        actions:
          add-admin-user:
            params:
              email:
                type: string
            required: [email]
        """;

    [Fact]
    public async Task What_is_declared_is_typed()
    {
        var messages = await MessagesAsync("""
            On.AddAdminUserAction.Observe(OnAdd);
            On.DatabaseRelationChanged.Observe(OnAny);
            On.ServerPebbleReady.Observe(OnAny);
            bool https = Config.ForceHttps;
            Ops.Relation? database = Relations.Database;
            string path = Resources.ServerImage;
            string endpoint = WebCharmEndpoints.Database;
            """, "void OnAdd(AddAdminUserActionEvent e) { string email = e.Email; }");

        Assert.Empty(messages);
    }

    [Fact]
    public async Task A_handler_without_its_parameter_does_not_compile() =>
        Assert.Contains(await MessagesAsync("On.ConfigChanged.Observe(OnNothing);", "void OnNothing() { }"), m => m.StartsWith("CS1503", StringComparison.Ordinal));

    [Fact]
    public async Task A_handler_of_another_action_does_not_compile() =>
        Assert.Contains(await MessagesAsync("On.AddAdminUserAction.Observe(OnDb);", "void OnDb(Ops.RelationChangedEvent e) { }"), m => m.StartsWith("CS1503", StringComparison.Ordinal));

    [Fact]
    public async Task A_misspelt_option_is_told_with_what_it_could_be_and_where_that_stands() =>
        Assert.Contains(
            "OPS102 Charm.cs(9,20): charmcraft.yaml declares nothing that would give Config a member \"ForceHttp\"; did you mean \"ForceHttps\" (charmcraft.yaml, line 14)?",
            await MessagesAsync("_ = Config.ForceHttp;"));

    [Fact]
    public async Task A_relation_that_is_not_declared_is_told_likewise() =>
        Assert.Contains(
            "OPS102 Charm.cs(9,12): charmcraft.yaml declares nothing that would give On a member \"DatabseRelationChanged\"; did you mean \"DatabaseRelationChanged\" (charmcraft.yaml, line 9)?",
            await MessagesAsync("On.DatabseRelationChanged.Observe(OnAny);"));

    [Theory]
    [InlineData("_ = Config[\"force_http\"];", "no option \"force_http\"; did you mean \"force_https\" (charmcraft.yaml, line 14)?")]
    [InlineData("_ = Model.Relations[\"redis\"];", "no relation \"redis\"")]
    [InlineData("_ = Model.GetRelation(\"databse\");", "no relation \"databse\"; did you mean \"database\" (charmcraft.yaml, line 9)?")]
    [InlineData("_ = Unit.GetContainer(\"serve\");", "no container \"serve\"; did you mean \"server\" (charmcraft.yaml, line 3)?")]
    [InlineData("_ = Model.Resources.Fetch(\"image\");", "no resource \"image\"")]
    [InlineData("_ = Model.Storages[\"data\"];", "no storage \"data\"")]
    [InlineData("_ = On[\"add-admin-usr\"];", "no relation, container, storage or action \"add-admin-usr\"; did you mean \"add-admin-user\" (charmcraft.yaml, line 18)?")]
    public async Task A_name_as_a_string_is_checked_too(string line, string expected) =>
        Assert.Contains(await MessagesAsync(line), m => m.StartsWith("OPS101", StringComparison.Ordinal) && m.EndsWith(expected, StringComparison.Ordinal));

    [Fact]
    public async Task Names_that_are_declared_or_not_constant_are_left_alone() =>
        Assert.Empty(await MessagesAsync("""
            _ = Config["force_https"];
            _ = On["database"].RelationChanged;
            var name = System.Environment.MachineName;
            _ = Model.Relations[name];
            """));

    [Fact]
    public async Task A_charm_that_is_not_partial_is_told_so()
    {
        var generated = await Generated.FromAsync("sealed class WebCharm(Ops.Framework framework) : Ops.CharmBase(framework);", ("charmcraft.yaml", Yaml));

        Assert.Equal(["OPS020 Charm.cs(1,14): the charm \"WebCharm\" must be partial, so that what charmcraft.yaml declares can be added to it"], generated.Messages);
    }

    [Fact]
    public async Task A_charm_without_a_charmcraft_yaml_is_told_how_to_add_it()
    {
        var generated = await Generated.FromAsync("sealed partial class WebCharm(Ops.Framework framework) : Ops.CharmBase(framework);");

        Assert.Equal(
            ["OPS021 Charm.cs(1,22): no charmcraft.yaml for the charm \"WebCharm\": add <AdditionalFiles Include=\"charmcraft.yaml\" /> to the project"], generated.Messages);
    }

    [Fact]
    public async Task Of_several_files_the_attribute_chooses()
    {
        var generated = await Generated.FromAsync(
            """
            [Ops.Charmcraft("two/charmcraft.yaml")]
            sealed partial class WebCharm(Ops.Framework framework) : Ops.CharmBase(framework);
            """,
            ("/x/one/charmcraft.yaml", "name: one"),
            ("/x/two/charmcraft.yaml", "name: two"));

        Assert.Empty(generated.Messages);
        Assert.Contains("Name = \"two\"", generated.Source);
    }

    [Fact]
    public async Task Yaml_that_cannot_be_read_is_told_at_its_place()
    {
        var generated = await Generated.FromAsync(
            "sealed partial class WebCharm(Ops.Framework framework) : Ops.CharmBase(framework);", ("charmcraft.yaml", "name: web\nbase: &b x\n"));

        Assert.Equal(["OPS001 charmcraft.yaml(2,7): cannot read charmcraft.yaml: an anchor or alias: write the value out"], generated.Messages);
    }

    static async Task<IEnumerable<string>> MessagesAsync(string constructor, string members = "")
    {
        var generated = await Generated.FromAsync(
            $$"""
            #pragma warning disable CS0219
            namespace Test;

            public sealed partial class WebCharm : Ops.CharmBase
            {
                public WebCharm(Ops.Framework framework)
                    : base(framework)
                {
            {{string.Join('\n', constructor.Split('\n').Select(l => "        " + l))}}
                }

                void OnAny(Ops.EventBase e) { }

                {{members}}
            }
            """,
            ("charmcraft.yaml", Yaml));
        return generated.Messages;
    }
}
