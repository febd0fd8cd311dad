using Ops;
using Ops.Relations.Databags;

namespace Discourse;

sealed partial class DiscourseCharm
{
    const string NotReady = "Unable to connect to container, container is not ready";

    /// <summary>Exit code of a task about a user who does not exist.</summary>
    const int NotFound = 2;

    void OnCreateUserAction(CreateUserActionEvent e)
    {
        if (UserEnvironment(e, NotReady, e.Email) is not { } environment)
        {
            return;
        }

        if (UserExists(e.Email, environment))
        {
            e.Fail($"User with email {e.Email} already exists");
            return;
        }

        var password = NewPassword.Make();
        var isAdmin = e.Admin == true;
        var (exitCode, output) = workload.RunUserTask(
            "admin:create", environment, e.Email, password, password, isAdmin ? "Y" : "N");
        if (exitCode != 0)
        {
            e.Fail($"Failed to make user with email {e.Email}: {output}");
            return;
        }

        // An admin is activated with the grant.
        if (!isAdmin && e.Active && !Activate(e.Email, environment))
        {
            e.Fail($"Could not find user {e.Email} to activate");
            return;
        }

        e.SetResults(new Dictionary<string, string> { ["user"] = e.Email, ["password"] = password });
    }

    void OnAddAdminUserAction(AddAdminUserActionEvent e)
    {
        if (UserEnvironment(e, "Container is not ready", e.Email, e.Password) is not { } environment)
        {
            return;
        }

        // The task would ask an existing user's admin other questions and take the password for an answer.
        if (UserExists(e.Email, environment))
        {
            e.Fail($"User with email {e.Email} already exists");
            return;
        }

        var (exitCode, output) = workload.RunUserTask("admin:create", environment, e.Email, e.Password, e.Password, "Y");
        if (exitCode == 0)
        {
            e.SetResult("user", e.Email);
        }
        else
        {
            e.Fail($"Failed to create user with email {e.Email}: {output}");
        }
    }

    void OnPromoteUserAction(PromoteUserActionEvent e)
    {
        if (UserEnvironment(e, NotReady, e.Email) is not { } environment)
        {
            return;
        }

        if (!UserExists(e.Email, environment))
        {
            e.Fail($"User with email {e.Email} does not exist");
            return;
        }

        // Keep the password: no. Grant admin: yes.
        var (exitCode, output) = workload.RunUserTask("admin:create", environment, e.Email, "n", "Y");
        if (exitCode == 0)
        {
            e.SetResult("user", e.Email);
        }
        else
        {
            e.Fail($"Failed to make user with email {e.Email} an admin: {output}");
        }
    }

    void OnAnonymizeUserAction(AnonymizeUserActionEvent e)
    {
        if (UserEnvironment(e, NotReady, e.Username) is not { } environment)
        {
            return;
        }

        var (exitCode, output) = workload.RunUserTask($"users:anonymize[{e.Username}]", environment);
        if (exitCode == 0)
        {
            e.SetResult("user", e.Username);
        }
        else
        {
            e.Fail($"Failed to anonymize user with username {e.Username}:{output}");
        }
    }

    /// <summary>The environment for a task about a user; fails the action and returns null when there is none.</summary>
    Dictionary<string, string>? UserEnvironment(ActionEvent action, string notReady, params string[] parameters)
    {
        workload.BeginConnect();

        // Each parameter is a line of a dialogue: a second line in it would be the next answer.
        if (Array.Exists(parameters, parameter => !DatabagValue.IsOneLine(parameter)))
        {
            action.Fail("A parameter contains a line break or another control character");
            return null;
        }

        if (!workload.CanConnect())
        {
            action.Fail(notReady);
            return null;
        }

        if (Readiness is Ready ready)
        {
            return Environment(ready);
        }

        action.Fail(Readiness is Waiting waiting ? waiting.Message : notReady);
        return null;
    }

    bool UserExists(string email, Dictionary<string, string> environment) => Succeeds($"users:exists[{email}]", environment);

    bool Activate(string email, Dictionary<string, string> environment) => Succeeds($"users:activate[{email}]", environment);

    // Any other exit code is a fault of the workload, and fails the action with what the task wrote.
    bool Succeeds(string task, Dictionary<string, string> environment) => workload.RunUserTask(task, environment) switch
    {
        (0, _) => true,
        (NotFound, _) => false,
        var (exitCode, output) => throw new InvalidOperationException($"cannot run {task}: exit code {exitCode}: {output}"),
    };
}
