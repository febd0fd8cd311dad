using Pebble;
using Pebble.Cli;

// The daemon is the program itself; every other command is a client of it.
return args is ["run" or "enter", ..] && !args.TakeWhile(each => each != "--args").Any(each => each is "-h" or "--help")
    ? await DaemonCommand.RunAsync(args)
    : await CommandLine.RunAsync(args, CancellationToken.None);
