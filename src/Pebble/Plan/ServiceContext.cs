namespace Pebble.Plan;

/// <summary>Environment, user, group and folder of a service, for a command that runs "as" it; what the command gives itself wins.</summary>
static class ServiceContext
{
    public static ExecCheck Merge(ServiceConfig service, ExecCheck command) => command with
    {
        Environment = service.Environment.Merge(command.Environment),
        UserId = command.UserId ?? service.UserId,
        User = command.User.Or(service.User),
        GroupId = command.GroupId ?? service.GroupId,
        Group = command.Group.Or(service.Group),
        WorkingDir = command.WorkingDir.Or(service.WorkingDir),
    };
}
