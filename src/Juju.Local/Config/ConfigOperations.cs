using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Applications;
using Juju.Local.Controllers;

namespace Juju.Local.Config;

sealed class ConfigOperations(Controller controller)
{
    public ApplicationConfig Get(ApplicationRequest request)
    {
        var state = controller.GetModel(request.Model).State;
        var application = ApplicationOperations.Get(state, request.Application);
        var charm = state.CharmOf(application).Definition;
        return new ApplicationConfig(application.Name, charm.Name, application.Trust, [.. charm.Options.Values.Select(option =>
        {
            var isSet = application.Config.TryGetValue(option.Name, out var value);
            return new OptionDetails(
                option.Name, option.Type, option.Description, option.Default, isSet ? value : option.Default,
                isSet ? "user" : option.Default is null ? "unset" : "default");
        })]);
    }

    public SetConfigResult Set(SetConfigRequest request)
    {
        List<string> warnings = [];
        controller.GetModel(request.Model).Update(state =>
        {
            warnings.Clear();
            var application = ApplicationOperations.Get(state, request.Application);
            var charm = state.CharmOf(application).Definition;
            if (request.Reset.FirstOrDefault(name => name != "trust" && !charm.Options.ContainsKey(name)) is { } unknown)
            {
                throw ControllerException.BadRequest($"unknown option \"{unknown}\"");
            }

            var (config, trust) = OptionChanges.Apply(charm, application.Config, request.Set);
            foreach (var name in request.Set.Keys)
            {
                var before = application.Config.TryGetValue(name, out var set) ? set : charm.Options.GetValueOrDefault(name)?.Default;
                if (name != "trust" && application.Config.ContainsKey(name) && JsonNode.DeepEquals(before, config[name]))
                {
                    warnings.Add($"the configuration setting \"{name}\" already has the value \"{request.Set[name]}\"");
                }
            }

            config = config.RemoveRange(request.Reset);
            return state.With(application with { Config = config, Trust = request.Reset.Contains("trust") ? false : trust ?? application.Trust });
        });
        return new SetConfigResult(warnings);
    }
}
