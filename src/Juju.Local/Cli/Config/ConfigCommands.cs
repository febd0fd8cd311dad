using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Config;

static class ConfigCommands
{
    public static IEnumerable<Command> All() => [Config];

    static Command Config => new("config", "<application name> [--reset <key[,key]>] [<attribute-key>[=<value>] ...]", "Get, set, or reset configuration for a deployed application.", RunAsync)
    {
        Flags =
        [
            Flag.Switch("color", "Use ANSI color codes in output"),
            Flag.Switch("no-color", "Disable ANSI color codes in output"),
            Flag.List("file", "path", "Path to yaml-formatted configuration file"),
            Flag.List("reset", "keys", "Reset the provided comma delimited keys"),
            .. OutputFlags.Of("yaml|json"),
        ],
        Examples =
        [
            "config discourse-k8s", "config discourse-k8s force_https", "config discourse-k8s force_https=true smtp_address=mail.example.com",
            "config discourse-k8s saml_target_url=@url.txt", "config discourse-k8s --reset force_https,smtp_address", "config discourse-k8s --file settings.yaml",
        ],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("no application name specified");
        }

        var application = invocation.Arguments[0];
        var line = invocation.Line;
        if (application.Contains('='))
        {
            throw new UsageException($"invalid application name \"{application}\"");
        }

        var change = ConfigChange.Of([.. invocation.Arguments.Skip(1)], line.Commas("reset"), line.List("file"), application);
        var format = invocation.Format("yaml", "json");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        if (change.IsChange)
        {
            var result = await controller.SetConfigAsync(new(model, application, change.Set, change.Reset), cancellation);
            foreach (var warning in result.Warnings)
            {
                invocation.Warn(warning);
            }

            return 0;
        }

        var config = await controller.GetConfigAsync(new(model, application), cancellation);
        if (change.Key is { } key)
        {
            ShowOne(invocation, config, key, line.IsGiven("format") ? format : "smart");
        }
        else
        {
            invocation.Write(Describe(config), format);
        }

        return 0;
    }

    static void ShowOne(Invocation invocation, ApplicationConfig config, string key, string format)
    {
        JsonNode? value;
        if (config.Options.FirstOrDefault(option => option.Name == key) is { } found)
        {
            value = found.Value?.DeepClone();
        }
        else if (key == "trust")
        {
            value = config.Trust;
        }
        else
        {
            throw new CommandException($"key \"{key}\" not found in \"{config.Application}\" application config or charm settings.");
        }

        invocation.Print(format switch
        {
            "json" => Documents.Json(value),
            "yaml" => Documents.Write(value, "yaml"),
            _ => value is null ? "" : ConfigArguments.Text(value) + "\n",
        });
    }

    static JsonObject Describe(ApplicationConfig config)
    {
        var settings = new JsonObject();
        foreach (var option in config.Options.OrderBy(option => option.Name, StringComparer.Ordinal))
        {
            var node = new JsonObject();
            if (option.Default is not null)
            {
                node["default"] = option.Default.DeepClone();
            }

            node.With("description", option.Description);
            node["source"] = option.Source;
            node["type"] = option.Type;
            if (option.Value is not null)
            {
                node["value"] = option.Value.DeepClone();
            }

            settings[option.Name] = node;
        }

        var trust = new JsonObject
        {
            ["default"] = false,
            ["description"] = "Does this application have access to trusted credentials",
            ["source"] = config.Trust ? "user" : "default",
            ["type"] = "bool",
            ["value"] = config.Trust,
        };
        return new JsonObject
        {
            ["application"] = config.Application,
            ["application-config"] = new JsonObject { ["trust"] = trust },
            ["charm"] = config.Charm,
            ["settings"] = settings,
        };
    }
}
