using Juju.Local;
using Juju.Local.Cli;
using Juju.Local.Controllers;
using Juju.Local.Publishing;

// "controller run" is the daemon; all else is the command line.
return args switch
{
    ["controller", "run"] => await Controller.RunAsync(ControllerHome.FromEnvironment()),
    ["forward", var port, var targets] => await PortForwarder.RunAsync(port, targets),
    _ => await CommandProgram.RunAsync(args, Terminal.OfProcess(), CancellationToken.None),
};
