using Juju.Local.Cli;

// "controller run" is the daemon; all else is the command line.
return args switch
{
    ["controller", "run"] => 1,
    _ => await CommandProgram.RunAsync(args, Terminal.OfProcess(), CancellationToken.None),
};
