using Juju.Local;
using Juju.Local.Api;

// "controller run" is the daemon; all else is the command line.
return args switch
{
    ["controller", "run"] => 1,
    _ => (await ControllerClient.ConnectAsync(ControllerHome.FromEnvironment(), CancellationToken.None)).GetHashCode() == 0 ? 1 : 2,
};
