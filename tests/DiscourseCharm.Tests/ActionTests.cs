using Ops.Testing;

namespace Discourse.Tests;

public sealed class ActionTests
{
    static readonly string[] Rake = ["/srv/discourse/app/bin/bundle", "exec", "rake"];

    static readonly State Settled = World.Settled();

    [Fact]
    public void Created_user_gets_a_password_and_is_activated()
    {
        var outcome = Run("create-user", Exists(false), ("email", "a@b.c"));

        Assert.Equal("a@b.c", outcome.ActionResults["user"]);
        Assert.Matches("^[A-Za-z0-9]{16}$", outcome.ActionResults["password"]);
        Assert.Equal(["bundle exec rake users:exists[a@b.c]", "bundle exec rake admin:create", "bundle exec rake users:activate[a@b.c]"], outcome.Commands());
        var password = outcome.ActionResults["password"];
        Assert.Equal($"a@b.c\n{password}\n{password}\nN\n", outcome.Execs[1].Input);
        Assert.Equal(TimeSpan.FromSeconds(60), outcome.Execs[1].Options.Timeout);
    }

    [Fact]
    public void Created_admin_is_activated_with_the_grant()
    {
        var outcome = Run("create-user", Exists(false), ("email", "a@b.c"), ("admin", true));

        Assert.EndsWith("\nY\n", outcome.Execs[1].Input, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Execs.Count);
    }

    [Fact]
    public void User_who_is_to_stay_inactive_is_not_activated() =>
        Assert.Equal(2, Run("create-user", Exists(false), ("email", "a@b.c"), ("active", false)).Execs.Count);

    [Fact]
    public void Password_is_another_each_time() => Assert.NotEqual(
        Run("create-user", Exists(false), ("email", "a@b.c")).ActionResults["password"],
        Run("create-user", Exists(false), ("email", "a@b.c")).ActionResults["password"]);

    [Theory]
    [InlineData("create-user", true, "User with email a@b.c already exists")]
    [InlineData("add-admin-user", true, "User with email a@b.c already exists")]
    [InlineData("promote-user", false, "User with email a@b.c does not exist")]
    public void User_must_or_must_not_exist(string action, bool exists, string message) =>
        Assert.Equal(message, Run(action, Exists(exists), ("email", "a@b.c"), ("password", "a long password")).ActionFailure);

    [Theory]
    [InlineData("create-user", false, "Failed to make user with email a@b.c: too short\n")]
    [InlineData("add-admin-user", false, "Failed to create user with email a@b.c: too short\n")]
    [InlineData("promote-user", true, "Failed to make user with email a@b.c an admin: too short\n")]
    public void Failure_shows_what_the_task_wrote(string action, bool exists, string message)
    {
        var state = Exists(exists, new ExecResult([.. Rake, "admin:create"], 1, "too short\n"));

        Assert.Equal(message, Run(action, state, ("email", "a@b.c"), ("password", "p")).ActionFailure);
    }

    [Fact]
    public void Added_admin_has_the_given_password()
    {
        var outcome = Run("add-admin-user", Exists(false), ("email", "a@b.c"), ("password", "a long password"));

        Assert.Equal("a@b.c\na long password\na long password\nY\n", outcome.Execs[1].Input);
        Assert.Equal(new Dictionary<string, string> { ["user"] = "a@b.c" }, outcome.ActionResults);
    }

    [Fact]
    public void Promoted_user_keeps_the_password()
    {
        var outcome = Run("promote-user", Exists(true), ("email", "a@b.c"));

        Assert.Equal("a@b.c\nn\nY\n", outcome.Execs[1].Input);
        Assert.Equal("a@b.c", outcome.ActionResults["user"]);
    }

    [Fact]
    public void Anonymized_user_is_named()
    {
        Assert.Equal("ann", Run("anonymize-user", Settled, ("username", "ann")).ActionResults["user"]);

        var failing = Settled.With(Settled.GetContainer("discourse") with { Execs = [new([], 1, "ERROR: no ann\n")] });
        Assert.Equal("Failed to anonymize user with username ann:ERROR: no ann\n", Run("anonymize-user", failing, ("username", "ann")).ActionFailure);
    }

    [Fact]
    public void User_who_vanishes_cannot_be_activated()
    {
        var state = Exists(false, new ExecResult([.. Rake, "users:activate[a@b.c]"], 2));

        Assert.Equal("Could not find user a@b.c to activate", Run("create-user", state, ("email", "a@b.c")).ActionFailure);
    }

    [Fact]
    public void Fault_of_the_workload_fails_the_run()
    {
        var state = Settled.With(Settled.GetContainer("discourse") with { Execs = [new([], 7, "", "no such task")] });

        Assert.Throws<UncaughtCharmException>(() => Run("promote-user", state, ("email", "a@b.c")));
    }

    [Theory]
    [InlineData("create-user", "Unable to connect to container, container is not ready")]
    [InlineData("promote-user", "Unable to connect to container, container is not ready")]
    [InlineData("anonymize-user", "Unable to connect to container, container is not ready")]
    [InlineData("add-admin-user", "Container is not ready")]
    public void Container_must_be_reachable(string action, string message)
    {
        var state = World.Ready.With(World.Container with { CanConnect = false });

        Assert.Equal(message, Run(action, state, ("email", "a@b.c"), ("password", "p"), ("username", "a")).ActionFailure);
    }

    [Fact]
    public void Integrations_must_be_there() => Assert.Equal(
        "Waiting for redis relation", Run("create-user", World.Ready.Without("redis"), ("email", "a@b.c")).ActionFailure);

    [Theory]
    [InlineData("create-user", "email", "a@b.c\nY")]
    [InlineData("add-admin-user", "password", "pass\nword")]
    [InlineData("anonymize-user", "username", "a\0b")]
    public void Parameter_of_two_lines_answers_no_question(string action, string parameter, string value)
    {
        var outcome = Run(action, Settled, ("email", "a@b.c"), ("password", "p"), ("username", "a"), (parameter, value));

        Assert.Equal("A parameter contains a line break or another control character", outcome.ActionFailure);
        Assert.Empty(outcome.Execs);
    }

    [Fact]
    public void Action_leaves_the_status_alone() =>
        Assert.Single(Run("create-user", Exists(false), ("email", "a@b.c")).UnitStatusHistory);

    static Outcome Run(string action, State state, params (string Name, object Value)[] parameters)
    {
        var given = new Dictionary<string, object>();
        var known = World.Charm.Metadata.Actions[action].Parameters.Keys;
        foreach (var (name, value) in parameters.Where(parameter => known.Contains(parameter.Name)))
        {
            given[name] = value;
        }

        return World.Run(Event.Action(action, given), state);
    }

    static State Exists(bool exists, params ExecResult[] more) => Settled.With(Settled.GetContainer("discourse") with
    {
        Execs = [new([]), new([.. Rake, "users:exists[a@b.c]"], exists ? 0 : 2), .. more],
    });
}
