using Juju.Local;
using Juju.Local.Cli;
using Juju.Local.Controllers;

// "controller run" is the daemon; all else is the command line.
return args switch
{
    ["controller", "run"] => await Controller.RunAsync(ControllerHome.FromEnvironment()),
    _ => await CommandProgram.RunAsync(args, Terminal.OfProcess(), CancellationToken.None),
};
