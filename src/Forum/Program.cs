using Forum;
using Forum.Configuration;
using Forum.Exporter;
using Forum.Rails;
using Forum.Rake;
using Forum.Script;

// One program with verbs: what the container's wrappers and scripts call.
return args switch
{
    ["serve"] => await ForumServer.RunAsync(GlobalSettings.Read()),
    ["exporter"] => await ExporterServer.RunAsync(GlobalSettings.Read()),
    ["rake", .. var rest] => await RakeCommand.RunAsync(GlobalSettings.Read(), rest, Console.In, Console.Out, Console.Error),
    ["rails", .. var rest] => await RailsCommand.RunAsync(GlobalSettings.Read(), rest, Console.Out, Console.Error),
    ["script", .. var rest] => await ScriptCommand.RunAsync(GlobalSettings.Read(), rest, Console.In, Console.Out, Console.Error),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: discourse serve | exporter | rake [--trace] TASK[ARGUMENTS] | rails runner EXPRESSION | script COMMAND");
    return 2;
}
