using Pebble;
using Pebble.Cli;

// The daemon is the program itself; every other command is a client of it.
return args is ["run" or "enter", ..]
    ? await DaemonCommand.RunAsync(args)
    : await CommandLine.RunAsync(args, CancellationToken.None);
