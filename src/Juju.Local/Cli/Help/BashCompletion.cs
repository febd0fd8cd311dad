using System.Text;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Help;

/// <summary>
/// A bash script that completes commands and options from a list made here, and applications, units and models by asking
/// the controller.
/// </summary>
static class BashCompletion
{
    public static string Script()
    {
        var script = new StringBuilder("""
            # bash completion for juju-local; load it by: source <(juju-local completion bash)
            _juju_local_names() {
                case $1 in
                    models) "$2" models --format short 2>/dev/null ;;
                    applications) "$2" status --format names 2>/dev/null | sed '/\//d' ;;
                    *) "$2" status --format names 2>/dev/null ;;
                esac
            }
            _juju_local() {
                local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]:-} words=
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then

            """);
        var commands = CommandTable.All.Where(command => !command.Hidden).ToList();
        var names = commands.SelectMany(command => command.Aliases.Append(command.Name)).Order(StringComparer.Ordinal);
        script.Append("        COMPREPLY=($(compgen -W '").AppendJoin(' ', names).Append("' -- \"$word\"))\n        return\n    fi\n");
        script.Append("""
                case $before in
                    -m | --model) COMPREPLY=($(compgen -W "$(_juju_local_names models "$program")" -- "$word")); return ;;
                    --format) COMPREPLY=($(compgen -W 'json yaml tabular' -- "$word")); return ;;
                esac
                if [[ $word == -* ]]; then
                    case $verb in

            """);
        foreach (var command in commands.OrderBy(command => command.Name, StringComparer.Ordinal))
        {
            var patterns = string.Join(" | ", command.Aliases.Prepend(command.Name));
            var flags = command.AllFlags.Select(flag => Flag.Typed(flag.Name));
            script.Append("            ").Append(patterns).Append(") words='").AppendJoin(' ', flags).Append("' ;;\n");
        }

        return script.Append("""
                    esac
                    COMPREPLY=($(compgen -W "$words --help" -- "$word"))
                    return
                fi
                case $verb in
                    switch | destroy-model | show-model) words=$(_juju_local_names models "$program") ;;
                    deploy) COMPREPLY=($(compgen -f -- "$word")); return ;;
                    help) words=$("$program" help commands | cut -d ' ' -f 1) ;;
                    add-unit | config | expose | unexpose | refresh | remove-application | scale-application | show-application | trust | actions)
                        words=$(_juju_local_names applications "$program") ;;
                    *) words=$(_juju_local_names units "$program") ;;
                esac
                COMPREPLY=($(compgen -W "$words" -- "$word"))
            }
            complete -o default -F _juju_local juju-local

            """).ToString();
    }
}
